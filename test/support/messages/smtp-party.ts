import { senderOf } from "../../../shared/messages/registry.ts";
import { mailServer } from "./mail-server.ts";
import type { Mood, Party } from "./sender-conformance.ts";

/** A mail server of others as the other side, and our adapter that speaks to it. */
export async function smtpParty(): Promise<Party> {
  let mood: Mood = "takes";
  const server = await mailServer({
    recipient: () =>
      mood === "knows_no_such_recipient"
        ? { code: 550, text: "5.1.1 anna@example.com: no such user" }
        : mood === "is_busy"
          ? { code: 450, text: "4.2.0 greylisted" }
          : undefined,
    message: () => (mood === "refuses_message" ? { code: 554, text: "5.7.1 looks like spam" } : undefined),
    losesAnswer: () => mood === "loses_answer",
    login: { user: "shop", password: "right" },
  });
  const speaks = (port: string, password: string) =>
    senderOf("smtp", { ...server.settings, port }, { user: "shop", password });
  return {
    medium: "email",
    sender: () => speaks(mood === "is_down" ? "1" : server.settings.port, mood === "refuses_us" ? "wrong" : "right"),
    moods: ["takes", "knows_no_such_recipient", "refuses_message", "is_busy", "is_down", "refuses_us", "loses_answer"],
    be: (next) => {
      mood = next;
    },
    taken: () => server.taken.map(({ to, parsed }) => ({ to: to.join(), said: `${parsed.text} ${parsed.html}` })),
    linkIn: (message) => (message.medium === "email" ? (/https:\S+/.exec(message.text)?.[0] ?? "") : ""),
    stop: server.stop,
  };
}
