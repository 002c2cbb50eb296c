import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { grouped, newest, tookMs } from "../../dashboard/static/dashboard/model/experiments.js";

test("experiments are grouped by their first tag, the source material's first", () => {
  const listed = [
    { name: "d", tags: ["duplicate"] },
    { name: "a", tags: ["source-material", "cut"] },
    { name: "e", tags: ["duplicate", "defence"] },
    { name: "n", tags: [] },
  ];
  deepEqual(
    grouped(listed).map(({ tag, members }) => [tag, members.map((each) => each.name)]),
    [["source-material", ["a"]], ["duplicate", ["d", "e"]], ["", ["n"]]],
  );
  deepEqual(grouped([]), []);
});

test("the newest run of each experiment is the first that is listed", () => {
  const runs = [{ name: "a", runId: "3" }, { name: "b", runId: "2" }, { name: "a", runId: "1" }];
  deepEqual([...newest(runs).values()].map((run) => run.runId), ["3", "2"]);
});

test("a run that goes on has not taken any time yet", () => {
  equal(tookMs({ startedAt: "2026-01-01T00:00:00Z", endedAt: null }), null);
  equal(tookMs({ startedAt: "2026-01-01T00:00:00Z", endedAt: "2026-01-01T00:00:02.500Z" }), 2500);
});
