import { listenToKeys } from "../elements/shared/keys.js";
import { startPage } from "../elements/shared/masthead.js";
import { Feed } from "../wire/feed.js";

// A page that only says something: what every page has, and nothing more.
listenToKeys({});
startPage(new Feed());
