"""Grades on the web: the grade card of a subject, the distribution of grades, the models as printed law (风险等级页面).

Takes   a request, the current release, the rules that come with the product
Gives   pages in the reader's scope
Never   decides a grade
Law     rules/<authority>/grading/ as the pages print it
"""
