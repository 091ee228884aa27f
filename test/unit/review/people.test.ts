import { describe, expect, test } from "vitest";
import { People, personOf } from "../../../shared/review/people.ts";

const user = (name: string): string => `arn:aws:iam::111111111111:user/${name}`;
const session = (role: string, name: string): string => `arn:aws:sts::111111111111:assumed-role/${role}/${name}`;
const sso = (name: string): string => session("AWSReservedSSO_Support_0123456789abcdef", name);

describe("the person behind a principal", () => {
  test.each([
    ["an IAM user", user("anna"), "anna"],
    ["an IAM user below a path, in another partition", "arn:aws-cn:iam::1:user/staff/shop/Anna", "anna"],
    ["a session of IAM Identity Center", sso("anna@shop.example"), "anna"],
    ["the same person in another account, spelt otherwise", "arn:aws:iam::222222222222:user/ＡＮＮＡ", "anna"],
  ])("is known: %s", (_what, arn, person) => {
    expect(personOf(arn)).toBe(person);
  });

  test.each([
    ["a session of a role, whose name its user chooses", session("Support", "ben")],
    ["a role that is only called like one of Identity Center's", session("myAWSReservedSSO_Support", "ben")],
    ["a role without a session", "arn:aws:iam::111111111111:role/Support"],
    ["the root user, whom several people may be", "arn:aws:iam::111111111111:root"],
    ["a federated user, whose name its maker chooses", "arn:aws:sts::111111111111:federated-user/ben"],
    ["no name at all", sso("@shop.example")],
  ])("is unknown: %s", (_what, arn) => {
    expect(personOf(arn)).toBeUndefined();
  });

  const people = People.parse({
    [user("anna")]: "Anna Li",
    [user("*")]: "*",
    "arn:aws:sts::111111111111:assumed-role/Support/*": "*",
    "arn:aws:sts::111111111111:assumed-role/Support/a.li": "anna li",
    "arn:aws:sts::*:assumed-role/*/night-*": "the night shift",
  });

  test.each([
    ["by name", user("anna"), "anna li"],
    ["by the name of a session that its role can be trusted with", session("Support", "Ben@shop.example"), "ben"],
    ["an ARN before a pattern", session("Support", "a.li"), "anna li"],
    ["several principals that are one person", session("Nights", "night-3"), "the night shift"],
    ["others as ever", sso("carl"), "carl"],
  ])("is the one that the settings name: %s", (_what, arn, person) => {
    expect(personOf(arn, people)).toBe(person);
  });

  test("is nobody that a dot or a bracket of an ARN stands for", () => {
    expect(personOf(session("Support", "axli"), { [session("Support", "a.li")]: "anna" })).toBeUndefined();
  });

  test.each([["anna"], ["arn:aws:s3:::bucket"], ["arn:aws:iam::1:user/a b"], ["arn:aws:iam::1:user/*-*-*-*"]])(
    "can't be set for %s",
    (principal) => {
      expect(People.safeParse({ [principal]: "anna" }).success).toBe(false);
    },
  );
});
