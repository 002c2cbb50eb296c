/**
 * Whether a record that has just come may be one of a trace. A line that a service printed knows no
 * trace: the observer joins it by the request that it names.
 * @param {{traceId: string | null, requestId?: string | null}} record
 * @param {string | null} traceId
 * @returns {boolean}
 */
export function mayBelongTo(record, traceId) {
  return record.traceId ? record.traceId === traceId : Boolean(record.requestId);
}
