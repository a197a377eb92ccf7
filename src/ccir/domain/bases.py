"""What each arithmetic of the law does, in one sentence; `playbooks/computations/` says more."""

from __future__ import annotations

from typing import Final

from ccir.domain.obligations import Computation

BASES: Final[dict[Computation, str]] = {
    "none": "the rule has no number",
    "elapsed_hours": "elapsed hours, weekends and holidays count",
    "eu_1182_hours": (
        "elapsed hours; at the latest from the next full hour (Reg. 1182/71 Art. 3(1)); "
        "weekends and holidays count"
    ),
    "eu_1182_days": (
        "days after the day of the event; the last one moves to a working day "
        "(Reg. 1182/71 Art. 3(4)), with two working days in it (Art. 3(5))"
    ),
    "eu_1182_months": (
        "the same date number, or the month's last day; moves to a working day "
        "(Reg. 1182/71 Art. 3(2)(c), 3(4))"
    ),
    "dora_mixed": (
        "the earliest limit; one on a closed day may be met by noon of the next working day "
        "where the entity has that relief (Del. Reg. 2025/301 Art. 5)"
    ),
    "business_days": "working days after the day of the event",
    "generic_calendar_days": "calendar days after the day of the event, nothing moves",
    "jp_days": "calendar days, the day of the event being the first",
    "us_federal_calendar_days": "calendar days after the day of the event, nothing moves",
    "us_sec_business_days": "business days after the event (Form 8-K, General Instruction B.1)",
    "us_state_days": "calendar days after the day of the event, nothing moves",
    "us_ca_days": "calendar days; the last may move to the next court day (CCP 12a, untested)",
    "us_ny_days": "calendar days; the last may move to a business day (Gen. Constr. Law 25-a)",
    "us_tx_days": "calendar days; the last may move to a business day (Gov. Code 311.014)",
    "us_wa_days": "calendar days; the last may move to a business day (RCW 1.12.040)",
}
