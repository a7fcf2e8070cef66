"""The certificate of a team draw: integer prices by which anybody without a solver sees that no other roster is as good (组队证书)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from evenhand.draw.teams.flows import Way, shortest
from evenhand.draw.teams.network import Edge, Network

__all__ = ["faults_of", "is_tied", "is_unique", "judged", "prices_bytes", "prices_of", "read_prices", "roster_bytes"]


def _residual(network: Network, roster: Sequence[Edge]) -> list[Way]:
    """Ways along which a roster could be changed: unused arcs forward, used ones backward."""
    used = network.used(roster)
    return [(head, tail, -cost) if (tail, head) in used else (tail, head, cost) for tail, head, cost in network.arcs]


def prices_of(network: Network, roster: Sequence[Edge]) -> dict[str, int]:
    """Return the price of each node: the length of the shortest way of change that ends there, 0 for none; the same for everybody."""
    return shortest(_residual(network, roster))


def is_unique(network: Network, roster: Sequence[Edge], prices: Mapping[str, int]) -> bool:
    """Return whether prices prove that this roster, and these loads, are the only best ones."""
    return not any(faults_of(network, roster, prices))


def faults_of(network: Network, roster: Sequence[Edge], prices: Mapping[str, int]) -> Iterator[str]:
    """Give what is wrong with a roster and its prices; nothing when they prove it. Needs no solver.

    1 each place has one person who may take it, and two different people go to a visit; 2 no arc would be better used otherwise; 3 no other roster is as good;
    4 no other spread of places is as even.
    """
    yield from (text for text, _ in _judged(network, roster, prices))


def is_tied(network: Network, roster: Sequence[Edge], prices: Mapping[str, int]) -> bool:
    """Return whether nothing is better than this roster, but something is as good: then tickets are taken anew, and this stays in the pack as the reason."""
    told = list(_judged(network, roster, prices))
    return bool(told) and all(equal for _, equal in told)


def _judged(network: Network, roster: Sequence[Edge], prices: Mapping[str, int]) -> Iterator[tuple[str, bool]]:
    told = list(judged(network, roster, prices))
    yield from told
    if all(equal for _, equal in told):
        yield from _load_faults(network, roster)


def judged(network: Network, roster: Sequence[Edge], prices: Mapping[str, int]) -> Iterator[tuple[str, bool]]:
    """Give what is wrong with a roster for the loads it has, parts 1 to 3 of the proof; and whether it only says that another roster is as good."""
    told = list(_roster_faults(network, roster))
    missing = {name for arc in network.arcs for name in arc[:2]} - set(prices)
    if missing:
        told.append(f"缺价格：{'、'.join(sorted(missing)[:3])}")
    if told:
        yield from ((text, False) for text in told)
        return
    used = network.used(roster)
    free: dict[str, list[str]] = {}
    for tail, head, cost in network.arcs:
        value = cost + prices[tail] - prices[head]
        if (tail, head) in used and value > 0:
            yield f"{tail} → {head} 已用，却有更好的办法", False
        if (tail, head) not in used and value < 0:
            yield f"{tail} → {head} 没有用，用了更好", False
        if value == 0:
            way = (head, tail) if (tail, head) in used else (tail, head)
            free.setdefault(way[0], []).append(way[1])
    if _has_cycle(free):
        yield "另有同样好的组队", True


def _roster_faults(network: Network, roster: Sequence[Edge]) -> Iterator[str]:
    allowed = set(network.edges)
    yield from (f"{visit} 的{role}：{person} 不能派" for visit, role, person in roster if (visit, role, person) not in allowed)
    held = sorted((visit, role) for visit, role, _ in roster)
    if held != list(network.places):
        yield "有的位置没有人，或者有两人"
    places = Counter((visit, person) for visit, _, person in roster)
    yield from (f"{visit}：{person} 占了两个位置" for (visit, person), count in sorted(places.items()) if count > 1)


def _has_cycle(ways: Mapping[str, Sequence[str]]) -> bool:
    state: dict[str, int] = {}
    for start in ways:
        stack = [(start, iter(ways.get(start, ())))] if start not in state else []
        state.setdefault(start, 1)
        while stack:
            node, following = stack[-1]
            step = next(following, None)
            if step is None:
                state[node] = 2
                stack.pop()
            elif state.get(step) == 1:
                return True
            elif step not in state:
                state[step] = 1
                stack.append((step, iter(ways.get(step, ()))))
    return False


def _load_faults(network: Network, roster: Sequence[Edge]) -> Iterator[tuple[str, bool]]:
    """Nobody could take a place over from another so that the spread becomes as even or more even."""
    ways: dict[str, list[str]] = {}
    for tail, head, _ in _residual(network, roster):
        ways.setdefault(tail, []).append(head)
    loads = dict.fromkeys(network.people, 0)
    for _, _, person in roster:
        loads[person] += 1
    for taker, givers in _reachable(ways, sorted(network.people)):
        more = network.load_cost(taker, loads[taker] + 1)
        for giver in givers:
            if giver != taker and loads[giver] and more <= network.load_cost(giver, loads[giver]):
                yield f"{giver} 的一个位置可以由 {taker} 承担，负荷同样均衡或者更均衡", more == network.load_cost(giver, loads[giver])


def _reachable(ways: Mapping[str, Sequence[str]], people: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Give each person with everybody whose place could come to it along ways of change, sorted; who reach each other share one set."""
    known: dict[str, tuple[set[str], list[str]]] = {}
    for one in people:
        start = f"I:{one}"
        reached, queue, shared = {start}, [start], None
        while queue:
            for node in ways.get(queue.pop(), ()):
                if node in reached:
                    continue
                if node in known:  # all that lies behind it is known
                    reached |= known[node][0]
                    shared = known[node] if len(known[node][0]) == len(reached) else shared
                else:
                    reached.add(node)
                    queue.append(node)
        if shared is None or len(shared[0]) != len(reached):
            shared = (reached, sorted(node[2:] for node in reached if node.startswith("I:")))
        known[start] = shared
        yield one, shared[1]


def roster_bytes(roster: Sequence[Edge]) -> bytes:
    """Return the bytes of `result.tsv`: visit, role, inspector, sorted by their bytes."""
    return b"".join(sorted(("\t".join(edge) + "\n").encode() for edge in roster))


def prices_bytes(prices: Mapping[str, int]) -> bytes:
    """Return the bytes of `prices.tsv`: node and price, sorted by their bytes."""
    return b"".join(sorted(f"{node}\t{price}\n".encode() for node, price in prices.items()))


def read_prices(data: bytes) -> dict[str, int]:
    """Return the prices of a file; ValueError when a line is none."""
    return {node: int(price) for node, price in (line.split("\t") for line in data.decode().splitlines())}
