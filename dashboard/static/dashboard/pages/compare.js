import { Feed } from "../wire/feed.js";
import { listenToKeys } from "../elements/shared/keys.js";
import { startPage } from "../elements/shared/masthead.js";
import "../elements/traces/lab_compare.js";

listenToKeys({});
startPage(new Feed());
