"""The practice network: a server on this machine that speaks X API v2, the Graph API and GOV.UK Notify. Nothing in it
reaches anyone.

network, world   start and stop it; credentials; what it accepted; what every handler needs
server           HTTP: reads requests, breaks connections, sends answers
switchboard      who answers a request; the practice switches; `page`: what people see
calls            one request, one answer, one route
x, x_auth, x_media, x_params, x_shapes                             X API v2
graph, graph_errors, graph_fields, graph_insights, graph_shapes, graph_tokens    the Graph API
notify, notify_callbacks, notify_keys, notify_recipients, notify_shapes, notify_store    GOV.UK Notify
store, ids       what is kept, and how ids are made
conversation     what stands under a post at a moment
residents, kinds, wording, phrases    who answers a post, when and in which words
history, history_texts                the weeks before the account was made
limits, faults   how often X may be asked; how requests are spoiled on purpose
troubles, habits what goes wrong by itself over days; how many residents answer and how steady they are"""
