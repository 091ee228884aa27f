import { expect, test } from "vitest";
import { sendersBy } from "../../../shared/messages/reach.ts";
import { findChannelMessages } from "../../../shared/messages/read-settings.ts";
import { findSender, listSenders, NewSender, setSender } from "../../../shared/messages/senders.ts";
import { NewChannelMessages, setChannelMessages } from "../../../shared/messages/settings.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const { deps: given } = await sceneGround();
const deps = { ...given, senderSecretsPrefix: "/test/senders/" };

const SETTINGS = { host: "127.0.0.1", port: "1", tls: "none", from: "orders@shop.example" };
const sender = (more: object = {}) => ({ name: "mail", protocol: "smtp", settings: SETTINGS, ...more });
const said = (more: object = {}) => ({
  shop: "Star shop",
  email: "mail",
  page: "https://shop.example/o/{order}",
  ...more,
});
const pathsIn = (
  schema: { safeParse: (value: unknown) => { error?: { issues: { path: PropertyKey[] }[] } } },
  value: object,
) => schema.safeParse(value).error?.issues.map(({ path }) => path.join("."));

test("a sender is set, set anew and listed, and its credentials lie elsewhere", async () => {
  const credentials = { user: "shop", password: "hidden" };
  for (const from of ["first@shop.example", "orders@shop.example"])
    await setSender(deps, NewSender.parse(sender({ settings: { ...SETTINGS, from }, credentials })));
  const expected = { name: "mail", protocol: "smtp", settings: SETTINGS };
  expect(await findSender(deps, "mail")).toEqual(expected);
  expect(await listSenders(deps, 10)).toEqual({ senders: [expected], next: null });
  expect(await findSender(deps, "other")).toBeUndefined();
  const reach = sendersBy(deps);
  expect(await reach("other")).toBeUndefined();
  const reached = await reach("mail");
  const message = {
    medium: "email",
    id: "msg_1",
    to: "a@b.example",
    fromName: "S",
    subject: "s",
    text: "t",
    html: "h",
  } as const;
  expect(await reached?.send(message)).toMatchObject({ kind: "not_sent" });
});

test("a channel names senders that there are, of the right kind", async () => {
  await setSender(deps, NewSender.parse(sender()));
  await setSender(deps, NewSender.parse({ name: "text", protocol: "aws-sms", settings: { origin: "pool-1" } }));
  for (const wrong of [{ email: "missing" }, { email: "text" }, { sms: "mail" }])
    expect(await setChannelMessages(deps, "chan_1", NewChannelMessages.parse(said(wrong)))).toMatchObject({
      ok: false,
      code: "invalid_request",
    });
  expect(await findChannelMessages(deps, "chan_1")).toBeUndefined();
  const set = await setChannelMessages(deps, "chan_1", NewChannelMessages.parse(said({ sms: "text" })));
  expect(set).toMatchObject({ ok: true, value: { language: "zh", prefer: "email", sms: "text" } });
  expect(await findChannelMessages(deps, "chan_1")).toEqual(set.ok ? set.value : undefined);
});

test("what can't work is refused by the name of its field", () => {
  expect(pathsIn(NewSender, sender({ settings: { ...SETTINGS, host: "mail.example.com" } }))).toEqual(["settings.tls"]);
  expect(pathsIn(NewSender, sender({ settings: { ...SETTINGS, from: "nobody" } }))).toEqual(["settings.from"]);
  expect(pathsIn(NewSender, sender({ credentials: { user: "shop" } }))).toEqual(["credentials.password"]);
  expect(pathsIn(NewSender, sender({ templates: { "delivered.zh": "SMS_1" } }))).toEqual(["templates"]);
  expect(
    pathsIn(
      NewSender,
      sender({ credentials: { dkimKey: `PRIVATE KEY${"x".repeat(3_980)}`, user: "u".repeat(99), password: "p" } }),
    ),
  ).toEqual(["credentials"]);
  expect(pathsIn(NewChannelMessages, said({ shop: "ev\u202Eil" }))).toEqual(["shop"]);
  expect(pathsIn(NewChannelMessages, said({ page: "https://shop.example/o" }))).toEqual(["page"]);
  expect(pathsIn(NewChannelMessages, said({ page: "http://shop.example/{order}" }))).toEqual(["page"]);
  expect(pathsIn(NewChannelMessages, { shop: "Star", page: "https://shop.example/{order}" })).toEqual(["email"]);
});
