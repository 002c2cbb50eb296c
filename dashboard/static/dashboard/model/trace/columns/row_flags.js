/** What may be odd about a row of a tree: the parent that it names is missing … */
export const ORPHAN = 1;
/** … its ancestors lead back to it … */
export const CIRCULAR = 2;
/** … it names itself as its parent … */
export const SELF_PARENT = 4;
/** … another span has its span id … */
export const SHARED = 8;
/** … its end lies before its start … */
export const BACKWARDS = 16;
/** … it ends after its parent … */
export const OUTLIVES = 32;
/** … it starts before its parent … */
export const EARLY = 64;
/** … no start is on record … */
export const NO_START = 128;
/** … or it never ended, and its process is gone. */
export const ABANDONED = 256;
