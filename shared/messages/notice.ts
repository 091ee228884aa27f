import { messagesOfOrder, moveMessage, type RecordDeps } from "./record.ts";
import { suppress } from "./suppression.ts";
import type { Notice } from "./table.ts";

/** What a sender tells later of a message: of which order, which message, and what. */
export type Noticed = { orderId: string; messageId: string; notice: Notice };

/**
 * Takes to heart what a sender tells of a message that it had taken: its recipient gets no more of them. The notice names the message and
 * not its recipient, whose hash stands on the message.
 */
export async function hearNotice(deps: RecordDeps, { orderId, messageId, notice }: Noticed): Promise<void> {
  const message = (await messagesOfOrder(deps, orderId)).find(({ id }) => id === messageId);
  if (message === undefined) return;
  await suppress(deps, message.to, notice);
  if (message.state !== "sent" || notice === "deferred") return;
  await moveMessage(deps, message, { state: "sent", reason: notice, unreachable: true });
}
