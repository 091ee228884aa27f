import { expect, test } from "vitest";
import { hintOf } from "../../../shared/inventory/code.ts";

test.each([
  ["ABCD-EFGH-WXYZ", "WXYZ"],
  ["ABCDEFGHWXY", undefined],
  ["ABCDEFGH\u{1F600}XYZ", "XYZ"],
  ["ABCDEFGHIJ\u{1F600}Z", "J\u{1F600}Z"],
])("of %s may be shown: %s", (secret, hint) => {
  expect(hintOf(secret)).toBe(hint);
});
