import { generateKeyPairSync } from "node:crypto";
import { authenticate } from "mailauth";
import { afterAll, expect, test } from "vitest";
import { senderOf } from "../../../shared/messages/registry.ts";
import { mailServer } from "../../support/messages/mail-server.ts";
import { aMail } from "../../support/messages/sender-conformance.ts";

const server = await mailServer();
afterAll(server.stop);

const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const dkim = { dkimDomain: "shop.example", dkimSelector: "s1" };
const DNS = `v=DKIM1; k=rsa; p=${publicKey.toString("base64")}`;

/** What a stranger's verifier says of the signatures of a mail, with our key in the DNS. */
async function verdictOn(raw: string): Promise<string[]> {
  const { dkim: found } = await authenticate(raw, {
    resolver: async (name: string, type: string) => {
      if (name === "s1._domainkey.shop.example" && type === "TXT") return [[DNS]];
      throw Object.assign(new Error("nothing there"), { code: "ENOTFOUND" });
    },
  });
  return found.results.map(({ status }) => status.result);
}

test("a mail by SMTP has a DKIM signature that a stranger's verifier takes, over the headers for unsubscribing too; a changed one fails", async () => {
  const sender = senderOf("smtp", { ...server.settings, ...dkim }, { dkimKey: privateKey });
  await sender.send(aMail("signed@example.com", { unsubscribe: "https://shop.example/u/token" }));
  const [mail] = server.to("signed@example.com");
  const raw = mail?.raw ?? "";
  expect(await verdictOn(raw)).toEqual(["pass"]);
  const signed = /[\s;]h=([\s\S]*?);/.exec(raw)?.[1] ?? "";
  for (const header of ["List-Unsubscribe", "List-Unsubscribe-Post", "From", "Subject", "To"])
    expect(signed.toLowerCase()).toContain(header.toLowerCase());
  expect(await verdictOn(raw.replace("One-Click", "Two-Click"))).not.toEqual(["pass"]);
  expect(await verdictOn(raw.replace(/TOKEN/, "OTHER"))).not.toEqual(["pass"]);
});

test("a mail names its shop and itself, is both text and HTML, and asks no machine for an answer", async () => {
  const sender = senderOf("smtp", server.settings, {});
  const message = aMail("parts@example.com");
  await sender.send(message);
  const [{ parsed } = { parsed: undefined }] = server.to("parts@example.com");
  expect(parsed).toMatchObject({
    messageId: `<${message.id}@shop.example>`,
    subject: message.subject,
    text: message.text,
    html: message.html,
  });
  expect(parsed?.headers.get("auto-submitted")).toBe("auto-generated");
  expect(parsed?.headers.has("list")).toBe(false);
});

test.each([
  "anna@example.com, ben@example.com",
  "anna@example.com\r\nBcc: ben@example.com",
  '"Ben <ben@example.com>" <anna@example.com>',
])("an address that holds another one reaches nobody else: %j", async (to) => {
  const sender = senderOf("smtp", server.settings, {});
  const before = server.taken.length;
  await sender.send(aMail(to));
  for (const { to: reached } of server.taken.slice(before)) expect(reached).not.toContain("ben@example.com");
});
