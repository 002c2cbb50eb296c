const COLOURS = 12;
/** The first are those of the lab's own services, which the page brings along. */
const OWN = 3;

const given = globalThis.document?.getElementById("service-colours");
/** @type {Map<string, number>} */
const known = new Map(Object.entries(JSON.parse(given?.textContent ?? "{}")));

/**
 * Takes in the colours that the observer has given to services.
 * @param {Record<string, number>} colours
 * @returns {void}
 */
export function learnColours(colours) {
  for (const [service, colour] of Object.entries(colours)) known.set(service, colour);
}

/**
 * Takes note of services that have sent something. One to which the observer gave no colour, since
 * there are too many, or none yet, has that of its name: the same on every page.
 * @param {Iterable<string>} services
 * @returns {void}
 */
export function learnSenders(services) {
  for (const service of services) {
    if (!known.has(service)) known.set(service, byName(service));
  }
}

/**
 * The class that colours a service, the same on every page; of one that never sent anything, such as
 * a database, that of none.
 * @param {string} service
 * @returns {string}
 */
export function hue(service) {
  const colour = known.get(service);
  return colour === undefined ? "no-hue" : `hue-${colour}`;
}

/**
 * @param {string} name
 * @returns {number}
 */
function byName(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return OWN + (sum % (COLOURS - OWN));
}

/**
 * Orders services: those of the lab first, on an order's way, then by name.
 * @param {string} one
 * @param {string} other
 * @returns {number}
 */
export function byPlace(one, other) {
  const place = (/** @type {string} */ name) => Math.min(known.get(name) ?? OWN, OWN);
  return place(one) - place(other) || (one < other ? -1 : one > other ? 1 : 0);
}
