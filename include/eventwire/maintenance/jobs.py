"""What the tasks of `maintain_lake` and the commands `maintain` and `forget` do to a lake."""

from __future__ import annotations

from include.eventwire.lake.layout import COMPACTED, BatchKey, LakeLayout
from include.eventwire.lake.verification import Finding, verify_lake
from include.eventwire.maintenance.compaction import Compaction, compact_lake, finish_compactions
from include.eventwire.maintenance.forgetting import Forgotten, forget_all
from include.eventwire.maintenance.sweeping import sweep_staging
from include.eventwire.maintenance.unfinished import finish_publications
from include.eventwire.reports.files import find_stale, renew_reports, write_report
from include.eventwire.settings import Settings
from include.eventwire.summaries.layout import SummaryLayout
from include.eventwire.summaries.upkeep import heal_summaries


class LakeDamagedError(ValueError):
    """A lake is not as its receipts say; the message names each batch and the remedy."""


def heal_lake(layout: LakeLayout) -> list[str]:
    """Finish what was cut short and take out what was forgotten; return what was done.

    Raises:
        LakeError: The lake cannot be read or written.
    """
    done = [f"{key}: its publication was finished" for key in finish_publications(layout)]
    finish_compactions(layout)
    if (forgotten := forget_all(layout)) is not None:
        done += tell_forgotten(forgotten)
    done += [f"{day}: its summary was made anew" for day in heal_summaries(layout)]
    done += [
        f"{key}: its report was {'written anew' if is_there else 'taken away'}"
        for key, is_there in renew_reports(layout, find_stale(layout))
    ]
    return done


def check_lake(layout: LakeLayout) -> str:
    """Verify all receipts of a lake; return how many batches are whole.

    Raises:
        LakeDamagedError: Something is torn, missing, damaged or named by no receipt.
        LakeError: There is no lake.
    """
    errors = find_errors(layout)
    if errors:
        told = "\n".join(tell_finding(finding) for finding in errors)
        raise LakeDamagedError(f"{layout.root}: {len(errors)} things are wrong\n{told}")
    return f"{sum(1 for _ in layout.receipts())} batches, nothing is wrong"


def find_errors(layout: LakeLayout) -> tuple[Finding, ...]:
    """Return what is wrong in a lake."""
    return tuple(finding for finding in verify_lake(layout) if finding.is_error)


def sweep_lake(layout: LakeLayout, settings: Settings) -> list[str]:
    """Remove what runs left that were stopped long ago; return what was removed."""
    places = (layout, SummaryLayout(layout.root))
    swept = [path for place in places for path in sweep_staging(place, settings.sweep_after_days)]
    return [f"{path.relative_to(layout.root)}: removed, left by a run" for path in swept]


def join_batches(layout: LakeLayout, settings: Settings) -> list[str]:
    """Put the batches of days that have many together; return what was done.

    Raises:
        LakeError: A batch is damaged.
        AuditError: The batches do not fit together.
    """
    done = compact_lake(layout, settings.compact_above)
    for compaction in done:
        if compaction.joined:
            write_report(layout, BatchKey(compaction.day, COMPACTED))
    return [line for compaction in done for line in _tell_compaction(compaction)]


def tell_finding(finding: Finding) -> str:
    """Return a finding in one line."""
    return f"{finding.kind}: {finding.path}: {finding.detail}"


def tell_forgotten(forgotten: Forgotten) -> list[str]:
    """Return in lines what was forgotten, and what is left to do."""
    return [
        f"{len(forgotten.article_ids)} articles are forgotten; "
        f"{len(forgotten.batches)} batches were published anew",
        *(f"published anew: {key}" for key in forgotten.batches),
        *(f"summarised anew: {day}" for day in forgotten.summaries),
        *(f"reported on anew: {key}" for key in forgotten.reports),
        *(f"removed: {path}, where a run had work in progress" for path in forgotten.staging),
        *(
            f"left in the lake: the copy {article_id} in {key} (forgotten too by --with-copies)"
            for article_id, key in forgotten.copies
        ),
        *(
            f"not coded yet: the copy that stands for the others in {key}; recode --force --day "
            f"{key.day} --batch {key.batch}"
            for key in forgotten.uncoded
        ),
        *(f"left where it is: the input {uri}" for uri in forgotten.inputs),
    ]


def _tell_compaction(compaction: Compaction) -> list[str]:
    joined = (
        [f"{compaction.day}: {len(compaction.joined)} batches became one"]
        if compaction.joined
        else []
    )
    apart = [f"{compaction.day} {name}: {why}" for name, why in sorted(compaction.apart.items())]
    return [*joined, *apart]
