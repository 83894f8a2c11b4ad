"""How English writes a percentage."""

MESSAGES = {
    "number.percent": "{value, number, ::.}%",
    "number.percent.under": "<{limit, number}%",
    "number.percent.over": ">{limit, number}%",
}
