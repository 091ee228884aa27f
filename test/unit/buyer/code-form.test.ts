import { expect, test } from "vitest";
import { functions } from "../../../functions/buyer/delivery/operations.ts";

test("a one-time code may be pasted with its whole message, and what is too long is a wrong code and no wrong link", () => {
  const { form } = functions.revealDelivery.revealDelivery;
  const pasted = "【星星数码】您的验证码（十分钟内有效，请勿告知他人）：12345678";
  expect(form.parse({ code: pasted })).toMatchObject({ code: pasted });
  expect(form.parse({ code: "1".repeat(10_000), proof: "p".repeat(10_000) })).toMatchObject({ code: "", proof: "" });
  expect(form.parse({})).toEqual({ from: 0 });
});
