"""The practice network: a server on this machine that speaks X API v2 and the Graph API. Nothing in it reaches anyone.

network     start and stop it; credentials; what it accepted
server      HTTP: reads requests, plays faults, sends answers
calls       one request and one answer, and who handles which path
x, x_auth, x_media, x_shapes          X API v2
graph, graph_fields, graph_shapes, graph_insights   the Graph API
store, ids  what is kept, and how ids are made
conversation   what stands under a post at a moment
residents, kinds, wording, phrases    who answers a post, when and in which words
history, history_texts                the weeks before the account was made
limits, faults, page"""
