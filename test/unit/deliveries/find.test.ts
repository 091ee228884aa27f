import { expect, test } from "vitest";
import { addressBlock } from "../../../shared/deliveries/find.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["2001:0DB8:0001:0002::", "2001:db8:1:2"],
  ["::1", "0:0:0:0"],
])("wrong links of %s count as those of %s: one customer of a network", (address, block) => {
  expect(addressBlock(address)).toBe(block);
});
