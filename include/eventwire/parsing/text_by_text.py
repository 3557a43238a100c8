"""Arithmetic on many texts at once whose result for each does not depend on the others.

NumPy's OpenBLAS gives a row of a product another last digit when it stands elsewhere in a matrix or
the matrix has another height; in one of 300,000 names that decides. So the products are made text
by text, and all else, which works on each row by itself, for all texts together: as if each text
were read alone, without what it costs to call every layer for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from thinc.api import NumpyOps

_Floats = npt.NDArray[np.float32]


class TextByTextOps(NumpyOps):  # type: ignore[misc]  # compiled, without types
    """thinc's operations, but for where texts are put together, taken apart and multiplied.

    Layers put their texts together by `flatten`, so that is where the lengths are learned.
    """

    # By this name thinc knows what kind of arrays it has.
    name = "numpy"

    def __init__(self, **options: Any) -> None:
        """Take the options of `NumpyOps`."""
        super().__init__(**options)
        self._lengths: list[int] = []

    def flatten(
        self,
        X: Sequence[Any],  # noqa: N803 - thinc's names
        dtype: Any = None,
        pad: int = 0,
        ndim_if_empty: int = 2,
    ) -> Any:
        """Put the rows of texts together; unlike thinc's, each with padding of its own.

        A row of padding between two texts would be multiplied with the first, and tell the second
        of it.
        """
        texts = [rows for rows in X if len(rows)]
        self._lengths = [len(rows) + 2 * pad for rows in texts]
        if not pad or not texts:
            return super().flatten(X, dtype=dtype, pad=pad, ndim_if_empty=ndim_if_empty)
        together = self.alloc((sum(self._lengths), *texts[0].shape[1:]), dtype=texts[0].dtype)
        first = 0
        for rows, length in zip(texts, self._lengths, strict=True):
            together[first + pad : first + length - pad] = rows
            first += length
        return together if dtype is None else together.astype(dtype)

    def unflatten(self, X: Any, lengths: Any, pad: int = 0) -> list[Any]:  # noqa: N803
        """Take apart what `flatten` put together, given the lengths without padding."""
        if not pad:
            return list(super().unflatten(X, lengths))
        texts, first = [], 0
        for length in lengths:
            texts.append(X[first + pad : first + pad + length])
            first += length + 2 * pad if length else 0
        return texts

    def gemm(
        self,
        x: _Floats,
        y: _Floats,
        out: _Floats | None = None,
        trans1: bool = False,
        trans2: bool = False,
    ) -> _Floats:
        """Return the product of two matrices, of which the first holds the rows of texts.

        BLIS gives a row the same digits wherever it stands, at a third of the speed: it multiplies
        if it is wanted (`use_blis`), and what is not known to be the rows of texts.
        """
        if self.use_blis or trans1 or len(x) != sum(self._lengths):
            return cast("_Floats", multiply_rows(x, y, out=out, trans1=trans1, trans2=trans2))
        right = y.T if trans2 else y
        product = self.alloc2f(len(x), right.shape[1], zeros=False) if out is None else out
        first = 0
        for length in self._lengths:
            end = first + length
            np.matmul(x[first:end], right, out=product[first:end])
            first = end
        return product


multiply_rows: Final = NumpyOps(use_blis=True).gemm


def read_texts_separately(nlp: Language) -> None:
    """Have all components of `nlp` do their arithmetic by `TextByTextOps`, where NumPy does it."""
    ops = TextByTextOps(use_blis=False)
    for _, component in nlp.components:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None else ():
            if isinstance(node.ops, NumpyOps):
                node.ops = ops
