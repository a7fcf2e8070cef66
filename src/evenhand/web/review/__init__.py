"""Review desk (人工认定): open doubts of the current release, the dearest first, and what people decide about them."""
