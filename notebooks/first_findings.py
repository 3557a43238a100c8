"""From a lake to three findings: a marimo notebook.

`marimo edit notebooks/first_findings.py` opens it, `marimo run` shows it, and `python
notebooks/first_findings.py` runs it through. It reads the lake that EVENTWIRE_LAKE names, else
`data/lake`. Its days must be summarised: `python -m include.eventwire summarise --lake data/lake`.
"""

import marimo

app = marimo.App(width="medium", app_title="First findings")


@app.cell
def _():
    import os
    import pathlib

    import altair as alt
    import duckdb
    import marimo as mo

    return alt, duckdb, mo, os, pathlib


@app.cell
def _(mo):
    mo.md(
        """
        # First findings

        Three questions that one may put to a lake: what was the news, how much of it is one event
        told many times, and who was on good terms with whom. The tables are told in
        `docs/tables.md` and `docs/analytics.md`.
        """
    )


@app.cell
def _(duckdb, os, pathlib):
    lake = pathlib.Path(os.environ.get("EVENTWIRE_LAKE", "data/lake"))
    connection = duckdb.connect()

    def query(sql):
        """Return the rows of a query in which tables of the lake stand in braces."""
        tables = (
            "events",
            "articles",
            "event_clusters",
            "stories",
            "actor_pair_days",
            "source_days",
        )
        files = {
            table: f"read_parquet('{lake}/{table}/dt=*/*.parquet', hive_partitioning = true)"
            for table in tables
        }
        return connection.execute(sql.format(**files)).to_arrow_table()

    return lake, query


@app.cell
def _(lake, mo):
    mo.stop(
        not any(lake.glob("stories/dt=*/summary.parquet")),
        mo.md(
            f"`{lake}` has no summaries yet: `python -m include.eventwire summarise --lake {lake}`"
        ),
    )
    summarised = True
    return (summarised,)


@app.cell
def _(alt, mo, query, summarised):
    assert summarised
    by_class = query(
        """
        SELECT strftime(dt, '%Y-%m-%d') AS day, quad_class, count(*)::INT AS n_events
        FROM {event_clusters} WHERE realis = 'asserted' AND first_date = dt
        GROUP BY ALL ORDER BY ALL
        """
    )
    counts = {}
    for row in by_class.to_pylist():
        counts[row["quad_class"]] = counts.get(row["quad_class"], 0) + row["n_events"]
    n_events = sum(counts.values())
    n_conflict = sum(n for name, n in counts.items() if "conflict" in name)
    news_chart = (
        alt.Chart(by_class)
        .mark_bar()
        .encode(
            x=alt.X("day:O", title="Day"),
            y=alt.Y("n_events:Q", title="Events, each counted once"),
            color=alt.Color("quad_class:N", title="Quad class"),
            tooltip=["day:O", "quad_class:N", "n_events:Q"],
        )
        .properties(width=560, height=260, title="What was the news?")
    )
    mo.vstack(
        [
            mo.md(
                f"""
                ## 1. What was the news?

                Of {n_events} events that were told as having happened, {n_conflict}
                ({n_conflict / max(n_events, 1):.0%}) are conflict, in words or deeds. Events that
                are only announced, denied or imagined are not counted: `realis = 'asserted'`.
                """
            ),
            news_chart,
        ]
    )
    return n_conflict, n_events, news_chart


@app.cell
def _(alt, mo, query, summarised):
    assert summarised
    told = query(
        """
        SELECT least(n_reports, 10)::INT AS n_reports,
            CASE WHEN n_independent_publishers = 1 THEN 'one' ELSE 'several' END AS independent,
            count(*)::INT AS n_events, sum(n_reports)::INT AS n_all_reports
        FROM (
            FROM {event_clusters} QUALIFY row_number() OVER (
                PARTITION BY event_cluster_id ORDER BY dt DESC
            ) = 1
        )
        GROUP BY ALL ORDER BY ALL
        """
    )
    rows = told.to_pylist()
    n_clusters = sum(row["n_events"] for row in rows)
    n_reports = sum(row["n_all_reports"] for row in rows)
    n_single = sum(row["n_events"] for row in rows if row["independent"] == "one")
    reports_chart = (
        alt.Chart(told)
        .mark_bar()
        .encode(
            x=alt.X("n_reports:O", title="Articles that report the event (10 = ten or more)"),
            y=alt.Y("n_events:Q", title="Events"),
            color=alt.Color("independent:N", title="Independent publishers"),
            tooltip=["n_reports:O", "independent:N", "n_events:Q"],
        )
        .properties(width=560, height=260, title="One event, how many reports?")
    )
    mo.vstack(
        [
            mo.md(
                f"""
                ## 2. One event, how many reports?

                {n_clusters} events are told in {n_reports} reports,
                {n_reports / max(n_clusters, 1):.2f} for each. {n_single} of them rest on a single
                publisher, whose words others may have copied. Who counts rows counts those that
                are copied most.
                """
            ),
            reports_chart,
        ]
    )
    return n_clusters, n_reports, reports_chart


@app.cell
def _(alt, mo, query, summarised):
    assert summarised
    pairs = query(
        """
        SELECT actor_country_code || ' to ' || recipient_country_code AS pair,
            sum(n_events)::INT AS n_events,
            sum(mean_plover_score * n_events) / sum(n_events) AS mean_score
        FROM {actor_pair_days}
        WHERE actor_country_code <> recipient_country_code AND n_events > 0
            AND mean_plover_score IS NOT NULL
        GROUP BY pair ORDER BY n_events DESC, pair LIMIT 15
        """
    )
    ranked = sorted(pairs.to_pylist(), key=lambda row: (row["mean_score"], row["pair"]))
    pairs_chart = (
        alt.Chart(pairs)
        .mark_bar()
        .encode(
            y=alt.Y("pair:N", sort="x", title="Who to whom"),
            x=alt.X("mean_score:Q", title="Mean PLOVER score (conflict below 0)"),
            color=alt.Color("n_events:Q", title="Events"),
            tooltip=["pair:N", "mean_score:Q", "n_events:Q"],
        )
        .properties(width=560, height=320, title="Who was on good terms with whom?")
    )
    told_pairs = (
        f"Of the {len(ranked)} busiest pairs of countries, **{ranked[0]['pair']}** was the coldest "
        f"({ranked[0]['mean_score']:+.1f}) and **{ranked[-1]['pair']}** the warmest "
        f"({ranked[-1]['mean_score']:+.1f})."
        if ranked
        else "No event in this lake has a country on both sides."
    )
    mo.vstack(
        [
            mo.md(
                f"""
                ## 3. Who was on good terms with whom?

                {told_pairs} The score is that of the event's mode or type, from -10 to 10; behind
                a mean of few events stands little.
                """
            ),
            pairs_chart,
        ]
    )
    return pairs_chart, ranked


if __name__ == "__main__":
    app.run()
