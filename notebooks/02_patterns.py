# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Patterns of trade, flow and centrality
# What the ranking of corridors does not show: shapes of trade round a party, how much of the goods can have got
# through at most, and who and what the routes pass. The data are the fictional sample world. A pattern is a shape, and
# many honest traders have it; nothing here says that anyone broke the law.

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import plotly.express as px
import plotly.io as pio

import diversion as dv

pd.options.display.max_colwidth = 60
pio.renderers.default = "plotly_mimetype+png"

store = dv.open_store(str(Path(TemporaryDirectory().name).with_suffix(".duckdb")))
dv.read_files(store, sorted(dv.sample_data().glob("[!t]*.csv")))
analysis = dv.analyze(store)

# %% [markdown]
# ## Split and gathered again
# Goods of one code that go from one party to one other by way of several, within a month. `usual` is how many did on
# average in the months before, `bound` how many of the shipments stand on walks to restricted parties.

# %%
shapes = dv.patterns_frame(analysis)
shapes.groupby("kind").agg(found=("pattern_id", "size"), bound=("bound", lambda b: int((b > 0).sum())))

# %%
shapes.loc[shapes["kind"] == "gathering", ["party", "through", "to", "goods", "members", "usual", "bound"]]

# %% [markdown]
# ## Goods that come back
# In the sample world these are repairs: an instrument goes out and returns. Round trips are never counted as routes.

# %%
shapes.loc[shapes["kind"] == "round-trip", ["party", "through", "goods", "first_day", "last_day", "members"]]

# %% [markdown]
# ## How much can have got through
# A maximum flow over the shipments of a corridor: what arrived may be divided and gathered, nothing goes on twice and
# nothing leaves before it came. `cut` names the shipments that bound it.

# %%
flows = [dv.flow(analysis, finding.route_id) for finding in analysis.findings[:12]]
through = pd.DataFrame(
    {
        "route": [flow.of for flow in flows],
        "to": [flow.to[0].name for flow in flows],
        "amount": [flow.amount for flow in flows],
        "unit": [flow.unit for flow in flows],
        "value_usd": [flow.value_usd for flow in flows],
        "bound by": [len(flow.cut) for flow in flows],
    }
)
through

# %%
reached = dv.flow(analysis, "RU-0310")
print(f"{reached.amount:,.0f} {reached.unit}, worth ${reached.value_usd:,.0f}, {reached.corridors} corridors")

# %% [markdown]
# ## What the routes pass
# `visits` come from counting all walks; `betweenness` is the share of walks that pass a party at all, by counting those
# that avoid it, and `between` leaves out those that only begin or end there.

# %%
parties = dv.central(analysis)
parties[["name", "country", "visits", "betweenness", "between", "value_usd", "bound_share", "pagerank"]].head(
    10
)

# %%
countries = dv.central(analysis, by="country").head(15)
px.bar(
    countries,
    x="between",
    y="country",
    orientation="h",
    title="Share of walks that have the country on the way",
).update_layout(width=760, height=420, yaxis={"autorange": "reversed"})

# %%
dv.central(analysis, by="goods")[["hs6", "goods", "tier", "visits", "walks", "bound_share"]].head(8)

# %%
store.close()
