import { TURNS } from "../../../shared/messages/model.ts";
import { CREDENTIAL, post } from "./subjects.ts";
import type { Scene } from "./webhook-scenes.ts";
import { channelOf } from "./webhook-scenes.ts";

/** A sender that nobody listens at. */
const settings = { host: "127.0.0.1", port: "9", tls: "none", from: "orders@shop.example" };
const newSender = (name: string) => ({
  name,
  protocol: "smtp",
  settings,
  credentials: { user: "shop", password: `${CREDENTIAL}-mail` },
});

/** Acts of operators on messages to buyers, with what their records say. */
export const messageScenes = {
  setSender: async (): Promise<Scene> => {
    const json = newSender("nobody-there");
    const what = { name: json.name, protocol: "smtp", medium: "email", ...settings };
    return { path: "/admin/v1/senders", json, subject: json.name, says: { action: "sender_set", what } };
  },
  testSender: async (): Promise<Scene> => {
    const { name } = await post("/admin/v1/senders", newSender("nobody-tries"));
    const says = { action: "sender_tested", what: { protocol: "smtp", medium: "email" } };
    return { path: `/admin/v1/senders/${name}/tests`, json: { to: "operator@shop.example" }, subject: name, says };
  },
  setChannelMessages: async (): Promise<Scene> => {
    const [subject, { name }] = await Promise.all([channelOf(), post("/admin/v1/senders", newSender("nobody-writes"))]);
    const said = { shop: "Star shop", email: name, page: "https://shop.example/o/{order}" };
    const what = { ...said, language: "zh", prefer: "email", turns: TURNS.join(" ") };
    const says = { action: "channel_messages_set", what };
    return { path: `/admin/v1/channels/${subject}/messages`, json: said, subject, says };
  },
};
