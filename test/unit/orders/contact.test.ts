import { describe, expect, it } from "vitest";
import { Contact } from "../../../shared/orders/contact.ts";

describe("how a buyer can be reached", () => {
  it.each([
    [{ email: "  Anna.Lee@Example.COM " }, { email: "Anna.Lee@example.com" }],
    [{ email: "王芳@例子.中国" }, { email: "王芳@例子.中国" }],
    [{ phone: "+86 138-0013-8000" }, { phone: "+8613800138000" }],
    [{ phone: "＋1 (415) 555.0100" }, { phone: "+14155550100" }],
    [{ locale: "ZH-hans-cn" }, { locale: "zh-Hans-CN" }],
    [{ locale: "es-419" }, { locale: "es-419" }],
    [
      { email: "a@b.co", phone: "+8613800138000", locale: "en" },
      { email: "a@b.co", phone: "+8613800138000", locale: "en" },
    ],
  ])("%j is kept as %j", (said, kept) => {
    expect(Contact.parse(said)).toEqual(kept);
    expect(Contact.parse(kept)).toEqual(kept);
  });

  it.each([
    [{}, []],
    [{ email: "anna" }, ["email"]],
    [{ email: "anna@localhost" }, ["email"]],
    [{ email: "anna@@example.com" }, ["email"]],
    [{ email: "an\u200Bna@example.com" }, ["email"]],
    [{ email: `${"a".repeat(65)}@example.com` }, ["email"]],
    [{ email: "Anna <anna@example.com>" }, ["email"]],
    [{ phone: "13800138000" }, ["phone"]],
    [{ phone: "+0123456789" }, ["phone"]],
    [{ phone: "+12345678901234567" }, ["phone"]],
    [{ locale: "chinese" }, ["locale"]],
    [{ locale: "zh_CN" }, ["locale"]],
    [{ locale: "" }, ["locale"]],
    [{ email: "a@b.co", name: "Anna" }, []],
  ])("%j is refused, by the name of what is wrong", (said, path) => {
    expect(Contact.safeParse(said).error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});
