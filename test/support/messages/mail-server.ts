import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { callbackify } from "node:util";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerDataStream } from "smtp-server";
import { noteCodes, noteLinks } from "../secrecy/left.ts";

/** A mail that a server took: as it came, and as a mail program reads it. */
export type TakenMail = { to: string[]; raw: string; parsed: ParsedMail };

/** What the server says to a recipient, or to a whole message: a code and a text. Undefined: it takes it. */
type Refusal = { code: number; text: string };

/** A mail server of others (`smtp-server`), whose mail is read by a parser of others (`mailparser`). */
export async function mailServer(
  how: {
    recipient?: (address: string) => Refusal | undefined;
    message?: () => Refusal | undefined;
    /** It takes the mail, and then the connection is gone before it says so. */
    losesAnswer?: () => boolean;
    login?: { user: string; password: string };
  } = {},
) {
  const taken: TakenMail[] = [];
  const error = ({ code, text }: Refusal): Error => Object.assign(new Error(text), { responseCode: code });
  const { login } = how;
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", ...(login === undefined ? ["AUTH"] : [])],
    authOptional: login === undefined,
    allowInsecureAuth: true,
    logger: false,
    onAuth: ({ username, password }, _session, callback) =>
      username === login?.user && password === login?.password
        ? callback(null, { user: "ok" })
        : callback(error({ code: 535, text: "5.7.8 no" })),
    onRcptTo: ({ address }, _session, callback) => {
      const refusal = how.recipient?.(address);
      callback(refusal === undefined ? null : error(refusal));
    },
    onData: (stream: SMTPServerDataStream, session, callback) => {
      const take = async (): Promise<string> => {
        const raw = (await buffer(stream)).toString("utf8");
        const refusal = how.message?.();
        if (refusal !== undefined) throw error(refusal);
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const parsed = await simpleParser(raw);
        noteLinks(parsed.text ?? "");
        noteCodes(parsed.text ?? "");
        taken.push({ to, raw, parsed });
        if (how.losesAnswer?.() === true) for (const socket of sockets) socket.destroy();
        return "2.0.0 taken";
      };
      callbackify(take)((failure, answer) => callback(failure, answer));
    },
  });
  server.server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    taken,
    settings: { host: "127.0.0.1", port: String(port), tls: "none", from: "orders@shop.example" },
    to: (address: string): TakenMail[] => taken.filter(({ to }) => to.includes(address)),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
