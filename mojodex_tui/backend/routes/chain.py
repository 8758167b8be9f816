"""The chain behind a session, which original clients never ask for."""

from mojodex_tui.backend.routes.calls import OWN, Call, endpoint
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import chain as wire


async def _read(uses: UseCases, call: Call[wire.ChainRequest]) -> wire.Chain:
    return await uses.chains.read(call.user, call.body.session_id)


async def _read_node(uses: UseCases, call: Call[wire.ChainNodeRequest]) -> wire.ChainNodeContent:
    return await uses.chains.read_node(call.user, call.body.session_id, call.body.node_id)


async def _branch(uses: UseCases, call: Call[wire.BranchRequest]) -> wire.Branched:
    return await uses.chains.branch(call.user, call.body.session_id, call.body.node_id)


ENDPOINTS = (
    endpoint(wire.READ_CHAIN, _read, OWN),
    endpoint(wire.READ_CHAIN_NODE, _read_node, OWN),
    endpoint(wire.BRANCH_CHAIN, _branch, OWN),
)
