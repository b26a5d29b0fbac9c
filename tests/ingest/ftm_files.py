"""Entities of FollowTheMoney that do not exist: one of each sort, each told of by another."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def thing(name: str, schema: str, /, **properties: Any) -> Json:
    given = {k: v if isinstance(v, list) else [v] for k, v in properties.items()}
    return {"id": name, "schema": schema, "properties": given}


ENTITIES = [
    thing("p1", "Person", name=["Anna Beta", "Анна Бета"],
          birthDate="1971-05", nationality="ru", topics="sanction"),
    thing("s1", "Sanction", entity="c1", authority="Office of Foreign Assets Control",
          program="RUSSIA-EO14024", programId="US-RUSHAR", startDate="2022-04-06",
          endDate="2024-01-31", reason="E.O. 14024")
    | {"datasets": ["us_ofac_sdn"], "last_seen": "2024-05-06T01:00:00"},
    thing("c1", "Company", name="Alpha LLC", alias="Alfa", previousName="Omega", weakAlias="A1",
          jurisdiction="ru", registrationNumber="77-1", innCode="7701", leiCode="9876LEIA00ALPHA00012",
          incorporationDate="2001-02-03", addressEntity="a1", address=["1 Mira St, Moscow", "Elsewhere 2"],
          phone="+7 495", email="a@example.org", legalForm="LLC"),
    thing("a1", "Address", street="1 Mira St", city="Moscow", country="ru"),
    thing("c2", "Company", name="Gamma FZE", country="ae"),
    thing("v1", "Vessel", name="Sigma", imoNumber="9000001", flag="pa"),
    thing("o1", "Ownership", owner="p1", asset="c1", percentage="51%", startDate="2015-01-01",
          endDate="2020-06-30", sharesType="ordinary shares"),
    thing("o2", "Ownership", owner="c1", asset="v1", percentage="0.5", status="Inactive",
          modifiedAt="2023-03-04"),
    thing("o3", "Ownership", asset="c1", percentage="control", ownershipType="indirect"),
    thing("d1", "Directorship", director="p1", organization="c1", role="General director"),
    thing("k1", "Control", controller="p1", controlled="c2", controlType="contractual"),
    thing("i1", "Passport", holder="p1", number="72 1234567", country="ru", type="Passport"),
    thing("i2", "Identification", holder="elsewhere", number="X9", type="Tax card"),
    thing("e1", "EconomicActivity", ccdNumber="10130/1", sender="c2", receiver="c1", declarant="c1",
          contractHolder="c2", vedCode="8542319000", goodsDescription="microchips", date="2023-02-01",
          departureCountry="ae", destinationCountry="ru", originCountry="cn", directionOfTransportation="ИМ",
          invoiceAmount="1200.50 USD", customsAmount="90000", dollarExchRate="75"),
    thing("m1", "Membership", member="p1", organization="c1"),
    thing("y1", "Payment", payer="c1", beneficiary="c2", amount="5"),
    thing("w1", "Wormhole", name="?"),
]  # fmt: skip

HOSTILE = [
    '{"id":"a","schema":"Company","properties":{"name":["\\ud800 lone \\u0000 zero"]}}',
    '{"id":7,"schema":"Company","properties":{"name":[1, 2.5, true, null, ["x"], {"y":1}],"alias":{"z":2}}}',
    '{"id":"d","schema":"Ownership","properties":{"owner":["a"],"asset":["b"],"percentage":["1e999"]}}',
    '{"id":"e","schema":"EconomicActivity","properties":{"customsAmount":["1e308"],"dollarExchRate":["1e-300"]}}',
    '{"id":"f","schema":"Ownership","properties":{"owner":["a"],"asset":["b"],"endDate":["9999-12-31"]}}',
    '{"id":"g","schema":"Company","properties":' + '{"a":' * 5000 + "1" + "}" * 5000 + "}",
    '{"id":"h","schema":"Company","properties":{"address":["x\\ue000y\\ue001z"]}}',
    '{"id":"i","schema":"Company","properties":{"n":[' + "9" * 6000 + "]}}",
    "null",
    '"text"',
]  # fmt: skip
