/** What ends an item: a time to live, or nothing, because it is to stay. */
type End = "time to live" | "kept";

export type ItemKind = { table: string; kind: string; pk: RegExp; sk: RegExp; end: End };

/**
 * Every kind of item that a table may hold. `end` is what ends it in the end: one that has a time to live carries it, and no other
 * kind does. The names are those that the domains' READMEs list under *Items*.
 */
export const itemKinds: readonly ItemKind[] = [
  { table: "orders", kind: "order", pk: /^order#/, sk: /^order$/, end: "kept" },
  { table: "orders", kind: "wait of an execution", pk: /^order#/, sk: /^wait#/, end: "time to live" },
  { table: "orders", kind: "payment", pk: /^payment#/, sk: /^payment$/, end: "kept" },
  { table: "orders", kind: "counter of a period", pk: /^limit#.*(?<!#ever)$/, sk: /^limit$/, end: "time to live" },
  { table: "orders", kind: "counter without a period", pk: /^limit#.*#ever$/, sk: /^limit$/, end: "kept" },
  { table: "orders", kind: "counter of unpaid orders", pk: /^unpaid#/, sk: /^limit$/, end: "time to live" },
  { table: "inventory", kind: "slot", pk: /^slab#/, sk: /^slot#/, end: "kept" },
  { table: "inventory", kind: "mark of a code", pk: /^fingerprint#/, sk: /^fingerprint$/, end: "kept" },
  { table: "inventory", kind: "range", pk: /^range#/, sk: /^range$/, end: "kept" },
  { table: "inventory", kind: "directory of a pool", pk: /^stock#/, sk: /^directory#/, end: "kept" },
  { table: "inventory", kind: "entry of the list of ranges", pk: /^stock#/, sk: /^range#/, end: "kept" },
  { table: "inventory", kind: "batch", pk: /^stock#/, sk: /^batch#/, end: "kept" },
  { table: "inventory", kind: "transfer that was done", pk: /^transfer#/, sk: /^transfer$/, end: "kept" },
  { table: "identity", kind: "channel", pk: /^channels$/, sk: /./, end: "kept" },
  { table: "identity", kind: "API key", pk: /^(channel|key)#/, sk: /./, end: "kept" },
  { table: "catalog", kind: "product", pk: /^products$/, sk: /./, end: "kept" },
  { table: "catalog", kind: "version of a product", pk: /^product#/, sk: /^version#/, end: "kept" },
  { table: "catalog", kind: "change of a product", pk: /^product#/, sk: /^change#/, end: "kept" },
  { table: "operations", kind: "supplier", pk: /^supplier#/, sk: /^(supplier|sync|health)$/, end: "kept" },
  { table: "operations", kind: "offer", pk: /^offers#/, sk: /./, end: "kept" },
  { table: "operations", kind: "change of an offer", pk: /^offer-changes#/, sk: /./, end: "time to live" },
  { table: "operations", kind: "rate", pk: /^rates$/, sk: /./, end: "kept" },
  { table: "operations", kind: "settings", pk: /^settings$/, sk: /./, end: "kept" },
  { table: "operations", kind: "rule of buying ahead", pk: /^restocks$/, sk: /./, end: "kept" },
  { table: "operations", kind: "purchase ahead", pk: /^purchase#/, sk: /^purchase$/, end: "time to live" },
  { table: "operations", kind: "callback", pk: /^callback#/, sk: /^callback$/, end: "time to live" },
  { table: "operations", kind: "payment provider", pk: /^provider#/, sk: /^provider$/, end: "kept" },
  {
    table: "operations",
    kind: "payment notification",
    pk: /^notification#/,
    sk: /^notification$/,
    end: "time to live",
  },
  { table: "operations", kind: "dispute", pk: /^dispute#/, sk: /^dispute$/, end: "kept" },
  { table: "operations", kind: "reconciliation", pk: /^reconciliation#/, sk: /./, end: "kept" },
  { table: "operations", kind: "cursor", pk: /^cursor#/, sk: /^cursor$/, end: "time to live" },
  { table: "operations", kind: "reason of a failure", pk: /^failure#/, sk: /./, end: "time to live" },
  { table: "operations", kind: "import", pk: /^import#/, sk: /^import$/, end: "kept" },
  { table: "operations", kind: "segment of an import", pk: /^import#/, sk: /^segment#/, end: "time to live" },
  { table: "operations", kind: "note of a request with a key", pk: /^request#/, sk: /^request$/, end: "time to live" },
  {
    table: "operations",
    kind: "endpoint of webhooks",
    pk: /^webhooks#/,
    sk: /^(endpoint#|sender#|count$)/,
    end: "kept",
  },
  { table: "operations", kind: "queue of an endpoint", pk: /^webhook-queue#/, sk: /^queue$/, end: "time to live" },
  {
    table: "operations",
    kind: "delivery of a webhook",
    pk: /^webhook-delivery#/,
    sk: /^delivery$/,
    end: "time to live",
  },
  { table: "ledger", kind: "account", pk: /^account#/, sk: /^account$/, end: "kept" },
  { table: "ledger", kind: "currency of a channel", pk: /^accounts#/, sk: /./, end: "kept" },
  { table: "ledger", kind: "entry", pk: /^entries#/, sk: /./, end: "kept" },
  { table: "ledger", kind: "book", pk: /^books$/, sk: /./, end: "kept" },
  { table: "ledger", kind: "deposit", pk: /^deposit#/, sk: /./, end: "kept" },
  { table: "audit", kind: "record", pk: /./, sk: /./, end: "kept" },
];
