"""What residents can choose from: topics (those of the field's sign-up leaflets) and groups."""

TOPICS: dict[str, str] = {
    "appeals": "Appeals for information",
    "missing": "Missing people",
    "burglary": "Burglary and theft",
    "doorstep": "Bogus callers and doorstep crime",
    "suspicious": "Suspicious people and vehicles",
    "fraud": "Fraud and scams",
    "antisocial": "Antisocial behaviour",
    "roads": "Roads and road safety",
    "rural": "Rural and wildlife crime",
    "prevention": "Crime prevention advice",
    "meetings": "Meetings, surgeries and events",
    "good_news": "What was done, and good news",
}
"""Key -> what residents read."""

GROUPS: dict[str, str] = {
    "neighbourhood_watch": "Neighbourhood Watch",
    "business_watch": "Business Watch",
    "farm_watch": "Farm and rural watch",
    "schools": "Schools and colleges",
    "faith": "Places of worship",
    "councillors": "Parish and town councils",
}
"""Key -> what residents read."""
