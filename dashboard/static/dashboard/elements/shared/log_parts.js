import { gettext } from "../../base/i18n.js";
import {
  attributesPart,
  exceptionPart,
  part,
  scopeOf,
  valueNodes,
  withoutStack,
} from "./record_parts.js";

const MESSAGE_SHOWN = 120;

/**
 * Draws all that was sent of a log record.
 * @param {any} log
 * @returns {HTMLElement[]}
 */
export function logParts(log) {
  const { msg, attributes, resource, scope, eventName, observedTimeUnixNano } = log;
  const besides = {
    ...(eventName && { event_name: eventName }),
    ...(log.severityNumber && { severity_number: log.severityNumber }),
    time_unix_nano: log.timeUnixNano,
    ...(observedTimeUnixNano !== "0" && { observed_time_unix_nano: observedTimeUnixNano }),
    ...(log.traceId && { trace_id: log.traceId }),
    ...(log.spanId && { span_id: log.spanId }),
    ...(log.droppedAttributesCount && { dropped_attributes_count: log.droppedAttributesCount }),
  };
  return [
    ...part(gettext("Message"), msg.length > MESSAGE_SHOWN ? valueNodes(msg) : []),
    ...exceptionPart(attributes),
    ...attributesPart(gettext("Attributes"), withoutStack(attributes)),
    ...attributesPart(gettext("Other fields"), besides),
    ...attributesPart(gettext("Resource"), resource ?? {}),
    ...attributesPart(gettext("Scope"), scopeOf(scope ?? {})),
  ];
}
