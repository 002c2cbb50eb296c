"use strict";

/** Returns a function that prints a line of JSON, as the services' logs are. */
module.exports = (service) => (level, msg, fields = {}) =>
  console.log(JSON.stringify({ ts: new Date().toISOString(), service, level, msg, ...fields }));
