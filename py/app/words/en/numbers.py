"""How English writes a percentage, and a list."""

MESSAGES = {
    "number.percent": "{value, number, ::.}%",
    "number.percent.under": "<{limit, number}%",
    "number.percent.over": ">{limit, number}%",
    "list.next": "{before}, {item}",
    "list.clause": "{before}; {item}",
    "list.last": "{before} and {item}",
}
