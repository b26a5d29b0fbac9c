"""An old firm that knows nothing stands in the middle (Ardakani and Lam)."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage

CASE = (
    "Ardakani / Lam: A/D converters bought through an unwitting French firm, sent to Hong Kong, then to Iran"
)


def plant(stage: Stage) -> None:
    """The French dealer sells to many; one of them sends on."""
    maker, dealer, shell, buyer = stage.cast(
        Actor(
            "Sonora Signal Semiconductor Inc.",
            "US",
            "Tucson AZ",
            date(1996, 6, 24),
            "700 Technology Parkway, Tucson AZ",
            role=MAKER,
            goods=("854239", "854233", "854290"),
        ),
        Actor("Verchamp Composants SA", "FR", "Grenoble", date(1983, 11, 7), "14 chemin du Moulin, Grenoble"),
        Actor(
            "Tide Lantern Electronics Limited",
            "HK",
            "Kowloon Bay",
            date(2019, 5, 9),
            "33 Wang Chiu Road, Kowloon Bay",
        ),
        Actor("شرکت پرتو نگار کویر", "IR", "تهران", date(2005, 8, 15), "خیابان ولیعصر 1180, تهران"),
    )
    stage.lists(
        buyer, "US OFAC", "SDN", date(2019, 8, 28), aliases=("Parto Negar Kavir Co.", "Kavir Ray Imaging")
    )
    customers = stage.cast(
        Actor(
            "Lorisvaux Télémesure SAS", "FR", "Toulouse", date(2001, 2, 1), "9 avenue des Frênes, Toulouse"
        ),
        Actor("Galliste Biomédical SARL", "FR", "Lyon", date(2010, 9, 20), "41 rue de l'Industrie, Lyon"),
        Actor("Monteverna Sensori S.r.l.", "IT", "Torino", date(1995, 5, 5), "via Galvani 18, Torino"),
    )
    for number, customer in enumerate(customers):
        stage.run(
            (
                Leg(maker, dealer, "854239", "A/D CONVERTERS 16-BIT"),
                Leg(dealer, customer, "854239", "A/D CONVERTERS 16-BIT"),
            ),
            Plan(date(2020, 2, 4 + number), 9, 171, 3000, (10, 60)),
        )
    legs = (
        Leg(maker, dealer, "854239", "A/D CONVERTERS 16-BIT"),
        Leg(dealer, shell, "854239", "A/D CONVERTERS 16-BIT", end_use="industrial weighing"),
        Leg(shell, buyer, "854239", "ELECTRONIC COMPONENTS", markup=1.6),
    )
    stage.plant(
        "innocent intermediary",
        CASE,
        legs,
        Plan(date(2023, 3, 14), 4, 74, 2400, (4, 18)),
        (
            "Verchamp has sold these converters since 2020 to customers who use them; Tide Lantern is"
            " the only one who does not."
        ),
    )
