import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { type ChannelMessages, channelMessagesKey, channelsMessages } from "./table.ts";

/** Reads what a channel says about its messages. Undefined: it has said nothing, and its buyers get none. */
export async function findChannelMessages(
  deps: Db<"operations">,
  channelId: string,
): Promise<ChannelMessages | undefined> {
  const Key = channelMessagesKey(channelId);
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key }));
  return channelsMessages.find(found.Item);
}
