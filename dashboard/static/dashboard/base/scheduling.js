/**
 * Makes a function that does the work a moment later, once for all calls within that moment.
 * @param {() => unknown} work
 * @param {number} delayMs
 * @returns {() => void}
 */
export function coalesced(work, delayMs) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, delayMs);
  };
}

/**
 * Makes a function that does the work at once, and again no sooner than a while later, once for all
 * calls within that while.
 * @param {() => unknown} work
 * @param {number} leastMs
 * @returns {() => void}
 */
export function spaced(work, leastMs) {
  let last = -Infinity;
  const doIt = () => {
    last = performance.now();
    work();
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    const wait = last + leastMs - performance.now();
    if (wait <= 0 && timer === undefined) doIt();
    else {
      timer ??= setTimeout(() => {
        timer = undefined;
        doIt();
      }, Math.max(0, wait));
    }
  };
}

/**
 * Makes a function that loads something when it is first called, and again when that failed.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>}
 */
export function once(load) {
  /** @type {Promise<T> | null} */
  let loading = null;
  return () => {
    loading ??= load().catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}

/**
 * Does work that nobody waits for, when the browser has nothing else to do.
 * @param {() => unknown} work
 * @returns {void}
 */
export function whenIdle(work) {
  // Not every browser says when it is idle.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(() => work(), { timeout: 2000 });
  else setTimeout(work, 200);
}

/**
 * Makes a function that does the work once the browser has painted what was done before, once for
 * all calls until then.
 * @param {() => unknown} work
 * @returns {() => void}
 */
export function afterPaint(work) {
  let waits = false;
  const doIt = () => {
    waits = false;
    work();
  };
  return () => {
    if (!waits) requestAnimationFrame(() => setTimeout(doIt, 0));
    waits = true;
  };
}

/**
 * Makes a function that never does the work twice at a time: calls in the meantime have it done
 * once more afterwards.
 * @param {() => Promise<void>} work that throws nothing
 * @returns {() => Promise<void>}
 */
export function oneAtATime(work) {
  let busy = false;
  let again = false;
  return async function run() {
    again = busy;
    if (busy) return;
    busy = true;
    await work();
    busy = false;
    if (again) await run();
  };
}
