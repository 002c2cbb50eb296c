import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import {
  grouped,
  matches,
  newest,
  tookMs,
} from "../../../dashboard/static/dashboard/model/experiments.js";

test("experiments are grouped by their question, in the order of appearance", () => {
  const listed = [
    { name: "a", question: "Cut?" },
    { name: "d", question: "Twice?" },
    { name: "b", question: "Cut?" },
  ];
  deepEqual(
    grouped(listed).map(({ question, members }) => [question, members.map((each) => each.name)]),
    [["Cut?", ["a", "b"]], ["Twice?", ["d"]]],
  );
  deepEqual(grouped([]), []);
});

test("a text matches when it has every word, in any case and order", () => {
  equal(matches("A lossy link, and nobody tries again", "LINK  lossy "), true);
  equal(matches("A lossy link, and nobody tries again", "lossy retry"), false);
  equal(matches("anything", ""), true);
});

test("the newest run of each experiment is the first that is listed", () => {
  const runs = [{ name: "a", runId: "3" }, { name: "b", runId: "2" }, { name: "a", runId: "1" }];
  deepEqual([...newest(runs).values()].map((run) => run.runId), ["3", "2"]);
});

test("a run that goes on has not taken any time yet", () => {
  equal(tookMs({ startedAt: "2026-01-01T00:00:00Z", endedAt: null }), null);
  equal(tookMs({ startedAt: "2026-01-01T00:00:00Z", endedAt: "2026-01-01T00:00:02.500Z" }), 2500);
});
