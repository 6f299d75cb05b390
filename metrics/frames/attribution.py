"""To which ticket an order goes."""

import numpy as np
import pandas as pd

from kpiproject.lib.periods import Seconds
from metrics.kpi import UNKNOWN, Frame


def last_tickets(tickets: Frame, orders: Frame) -> Seconds:
    """For every order the id of the most recent ticket of its customer until then, however long ago; UNKNOWN without.

    All tickets that count must be among those given, also those that a figure is not about: an order goes to one ticket
    only, so that the figures of channels or agents add up to that of all.
    """
    counts = (tickets["excluded_because"] == "").to_numpy() & (tickets["customer_id"] != UNKNOWN).to_numpy()
    asked = tickets.loc[counts, ["customer_id", "created_at", "id"]].sort_values(["created_at", "id"], kind="stable")
    bought = orders[["customer_id", "placed_at"]].assign(place=np.arange(len(orders)))
    bought = bought[(bought["customer_id"] != UNKNOWN).to_numpy()].sort_values("placed_at", kind="stable")
    joined = pd.merge_asof(bought, asked, left_on="placed_at", right_on="created_at", by="customer_id")
    joined = joined.dropna(subset=["id"])
    found = np.full(len(orders), UNKNOWN, dtype=np.int64)
    found[joined["place"].to_numpy(dtype=np.int64)] = joined["id"].to_numpy(dtype=np.int64)
    return found
