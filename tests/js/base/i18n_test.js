import assert from "node:assert/strict";
import { test } from "node:test";

import { sentences } from "../../../dashboard/static/dashboard/base/i18n.js";

const catalogue = /** @type {{gettext?: (text: string) => string}} */ (globalThis);

test("sentences are joined as the language joins them", () => {
  assert.equal(sentences(["One.", "Two.", "Three."]), "One. Two. Three.");
  catalogue.gettext = (text) => text.replaceAll(" ", "");
  try {
    assert.equal(sentences(["一。", "二。"]), "一。二。");
  } finally {
    delete catalogue.gettext;
  }
});

test("no sentence is an empty text", () => {
  assert.equal(sentences([]), "");
});
