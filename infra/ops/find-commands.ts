import { ORDER_STATES } from "../../shared/orders/states.ts";
import type { Command, Given, Options } from "./command.ts";

const page: Options = { limit: { about: "items on a page" }, cursor: { about: "nextCursor of the page before" } };

/** What a list is asked for: the options that are said, under the names of the wire's fields. */
const asked = ({ options }: Given, ...names: string[]): Record<string, string> =>
  Object.fromEntries(
    [...names, "limit", "cursor"].flatMap((name) => {
      const value = options[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const ofChannel = (id = ""): string => `/admin/v1/channels/${encodeURIComponent(id)}`;

/** How an operator finds again what there is: an id that is lost, an order by its reference, what was done to a thing. */
export const findCommands: Record<string, Command> = {
  "channels list": {
    options: page,
    call: (given) => ({ method: "GET", path: "/admin/v1/channels", query: asked(given) }),
  },
  "channels show": {
    argument: "CHANNEL",
    options: {},
    call: ({ argument }) => ({ method: "GET", path: ofChannel(argument) }),
  },
  "keys list": {
    options: { channel: { required: true, about: "the channel's id" }, ...page },
    call: (given) => ({ method: "GET", path: `${ofChannel(given.options["channel"])}/keys`, query: asked(given) }),
  },
  "orders list": {
    options: {
      channel: { required: true, about: "the channel's id" },
      state: { about: "only orders in this state", choices: ORDER_STATES },
      reference: { about: "the channel's own number, exactly" },
      since: { about: "only what was placed at or after this time, RFC 3339" },
      ...page,
    },
    call: (given) => ({
      method: "GET",
      path: "/admin/v1/orders",
      query: asked(given, "channel", "state", "reference", "since"),
    }),
  },
  "suppliers show": {
    argument: "SUPPLIER",
    options: {},
    call: ({ argument }) => ({ method: "GET", path: `/admin/v1/suppliers/${encodeURIComponent(argument)}` }),
  },
  "audit list": {
    argument: "SUBJECT",
    options: page,
    call: (given) => ({ method: "GET", path: "/admin/v1/audit", query: { subject: given.argument, ...asked(given) } }),
  },
};
