const OWN = ["client", "api", "worker"];
const HUES = 6;

/**
 * The class that colours a service: its own for those of the lab, one of a few for any other.
 * @param {string} service
 * @returns {string}
 */
export function hue(service) {
  if (OWN.includes(service)) return service;
  let sum = 0;
  for (const character of service) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return `hue-${sum % HUES}`;
}
