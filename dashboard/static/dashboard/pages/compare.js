import { Feed } from "../wire/feed.js";
import { start } from "./shared.js";
import "../elements/lab_compare.js";

start(new Feed());
