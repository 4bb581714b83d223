"""A record that is put into an array is copied as one piece of memory.

numba takes it for a number per byte, to be loaded and stored: an order is 330 of them, wherever one is moved. In the
loop over bars these were most of the instructions.

What is used of numba's inside has no public name. Where another version lacks it, records are copied as numba does.
"""

from __future__ import annotations

import operator
from typing import Any

from numba.core import cgutils, types
from numba.extending import lower_builtin
from numba.np import arrayobj

__all__ = ["copy_records_whole"]

_ARRAYS: Any = arrayobj
_CODE: Any = cgutils
_IS_KNOWN = hasattr(_CODE, "raw_memcpy") and all(
    hasattr(_ARRAYS, name) for name in ("setitem_array", "make_array", "normalize_indices", "basic_indexing")
)


def copy_records_whole() -> None:
    """Let `array[place] = record` copy it whole, in all that is compiled from now on; what it means is the same."""
    if _IS_KNOWN:
        lowered_by: Any = lower_builtin
        lowered_by(operator.setitem, types.Array, types.Any, types.Record)(_put)


def _put(context: Any, builder: Any, signature: Any, values: tuple[Any, Any, Any]) -> Any:
    array_type, place_type, record_type = signature.args
    array, place, record = values
    is_several = isinstance(place_type, types.BaseTuple)
    kinds = place_type.types if is_several else (place_type,)
    if array_type.dtype != record_type or array_type.ndim != len(kinds) or not all(map(_is_number, kinds)):
        return _ARRAYS.setitem_array(context, builder, signature, values)
    places = _CODE.unpack_tuple(builder, place, len(kinds)) if is_several else [place]
    view = _ARRAYS.make_array(array_type)(context, builder, array)
    kinds, places = _ARRAYS.normalize_indices(context, builder, kinds, places)
    target, _, _ = _ARRAYS.basic_indexing(
        context, builder, array_type, view, kinds, places, boundscheck=context.enable_boundscheck
    )
    _CODE.raw_memcpy(builder, target, record, context.get_constant(types.intp, record_type.size), 1)
    return None


def _is_number(kind: Any) -> bool:
    return isinstance(kind, types.Integer)
