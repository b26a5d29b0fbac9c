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
# # A first look: from files to data frames to figures
# This notebook reads the fictional sample world that comes with `diversion`, finds the routes by which controlled
# goods may have reached restricted parties, and looks at them as data frames. Every figure in it names its data:
# the sample, which is invented. A finding ranks a route for people to judge; it does not say that anyone broke the law.

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import plotly.express as px
import plotly.io as pio

import diversion as dv

pd.options.display.max_colwidth = 60
pio.renderers.default = "plotly_mimetype+png"

# %% [markdown]
# ## Files in
# A store is one file. Whatever cannot be understood is counted and kept in the table `Reject`, not lost.

# %%
sample = dv.sample_data()
store = dv.open_store(str(Path(TemporaryDirectory().name).with_suffix(".duckdb")))
told = dv.read_files(store, sorted(sample.glob("[!t]*.csv")))
files = pd.DataFrame(told.as_json()["files"])
files.assign(file=files["file"].map(lambda path: Path(path).name))[
    ["file", "kind", "read", "loaded", "merged", "rejected"]
]

# %% [markdown]
# ## The analysis
# Five hops, 180 days between arrival and onward departure, all relations: the defaults. `walks` counts the
# time-respecting sequences of shipments from any unrestricted exporter to a restricted party.

# %%
analysis = dv.analyze(store, dv.Options())
pd.DataFrame(analysis.summary["walks"])

# %% [markdown]
# ## Corridors as a data frame
# One row a corridor: all routes through the same parties with the same goods.

# %%
corridors = dv.corridors_frame(analysis.findings)
corridors.head(10)

# %%
px.histogram(
    corridors,
    x="score",
    color="band",
    nbins=40,
    title="Scores of the corridors of the sample world",
    category_orders={"band": ["severe", "high", "elevated", "low"]},
).update_layout(width=760, height=360)

# %% [markdown]
# ## Why the first one is first
# Points are log-odds; together with the base they add up to the score.

# %%
first = analysis.findings[0]
points = pd.DataFrame(
    [{"factor": c.factor, "points": c.points, "why": c.detail} for c in first.contributions]
)
points.sort_values("points", ascending=False)

# %%
print(dv.explain_text(first, rank=1, total=len(analysis.findings)))

# %% [markdown]
# ## Who the routes pass through
# Visits by through-counts: how many of the counted walks pass each party, without sampling.

# %%
visits = analysis.visits.head(15)
visits

# %%
px.bar(visits, x="visits", y="name", orientation="h", title="Parties most visited on the way").update_layout(
    width=760, height=420, yaxis={"autorange": "reversed"}
)

# %% [markdown]
# ## On with networkx
# The flagged part as a graph: parties are nodes, hops are edges with their days, quantities and shipments.

# %%
graph = dv.to_networkx(analysis.findings)
print(graph)
dv.measures(analysis.findings).head(10)

# %%
store.close()
