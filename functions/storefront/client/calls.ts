// Made from the OpenAPI document by `npm run client`. Change the operations instead.

/** Method and path of each call, and whether it takes an Idempotency-Key. */
export const ROUTES = {
  listProducts: ["GET", "/v1/products", false],
  getProduct: ["GET", "/v1/products/{productId}", false],
  placeOrder: ["POST", "/v1/orders", true],
  listOrders: ["GET", "/v1/orders", false],
  getOrder: ["GET", "/v1/orders/{orderId}", false],
  payOrder: ["POST", "/v1/orders/{orderId}/payments", true],
  cancelOrder: ["POST", "/v1/orders/{orderId}/cancel", true],
  eraseContact: ["DELETE", "/v1/orders/{orderId}/contact", false],
  createQuote: ["POST", "/v1/quotes", false],
  getDeliverables: ["GET", "/v1/orders/{orderId}/deliverables", false],
  exportDeliverables: ["POST", "/v1/orders/{orderId}/deliverables/file", true],
  openCase: ["POST", "/v1/orders/{orderId}/cases", true],
  listCases: ["GET", "/v1/orders/{orderId}/cases", false],
  getCase: ["GET", "/v1/orders/{orderId}/cases/{caseId}", false],
  renewLink: ["POST", "/v1/orders/{orderId}/delivery-links", true],
  getAccount: ["GET", "/v1/account", false],
  listStatements: ["GET", "/v1/statements", false],
  listStatementMovements: ["GET", "/v1/statements/{day}", false],
  getMonthlyStatement: ["GET", "/v1/statements/months/{month}", false],
  createDeposit: ["POST", "/v1/deposits", true],
  listDeposits: ["GET", "/v1/deposits", false],
  getDeposit: ["GET", "/v1/deposits/{depositId}", false],
  createWebhookEndpoint: ["POST", "/v1/webhook-endpoints", true],
  listWebhookEndpoints: ["GET", "/v1/webhook-endpoints", false],
  getWebhookEndpoint: ["GET", "/v1/webhook-endpoints/{endpointId}", false],
  changeWebhookEndpoint: ["PATCH", "/v1/webhook-endpoints/{endpointId}", false],
  deleteWebhookEndpoint: ["DELETE", "/v1/webhook-endpoints/{endpointId}", false],
  rotateWebhookSecret: ["POST", "/v1/webhook-endpoints/{endpointId}/rotations", true],
  testWebhookEndpoint: ["POST", "/v1/webhook-endpoints/{endpointId}/tests", true],
  listWebhookDeliveries: ["GET", "/v1/webhook-endpoints/{endpointId}/deliveries", false],
  attemptWebhookDelivery: ["POST", "/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/attempts", true],
  replayWebhookDeliveries: ["POST", "/v1/webhook-endpoints/{endpointId}/replays", false],
  getOpenapi: ["GET", "/v1/openapi.json", false],
} as const;

export interface Calls {
  /**
   * What this channel may sell, at its price (scope catalog:read)
   */
  listProducts: {
    input: {
      query?: {
        /**
         * Items on a page.
         */
        limit?: number;
        /**
         * The `nextCursor` of the page before.
         */
        cursor?: string;
        kind?: "code" | "topup" | "link" | "booking" | "licence" | "qr";
        /**
         * Only those on this shelf.
         */
        category?: string;
        tag?: string;
        /**
         * Only what can be redeemed there.
         */
        region?: string;
        /**
         * A part of the name, in any language.
         */
        q?: string;
      };
    };
    answer: {
      data: Product[];
      nextCursor: string | null;
    };
  };
  /**
   * One product (scope catalog:read)
   */
  getProduct: {
    input: {
      path: {
        productId: string;
      };
    };
    answer: Product;
  };
  /**
   * Buy; goods in stock come in the answer, those of more than 50 pieces at the order's deliverables (scope orders:write)
   */
  placeOrder: {
    input: {
      body: {
        /**
         * @minItems 1
         * @maxItems 10
         */
        lines: {
          productId: string;
          quantity: number;
          recipient?: {
            /**
             * The account to top up: a phone number, a player id. Kept encrypted.
             */
            account: string;
          };
        }[];
        /**
         * `balance`: from the channel's balance, at once · `deferred`: the goods are kept for a while, and paid by `POST /v1/orders/{orderId}/payments` · `checkout`: the same, and the buyer pays at a payment provider; the answer says where.
         */
        payment:
          | {
              method: "balance";
            }
          | {
              method: "deferred";
            }
          | {
              method: "checkout";
              /**
               * The payment provider, by the name that operators gave it.
               */
              provider: string;
              /**
               * `page`: the buyer opens an address on a computer · `wap`: on a phone · `qr`, `native`: the buyer scans a text · `jsapi`: a page inside WeChat calls its client with parameters · `checkout`: the buyer opens a page of Stripe. Absent: the provider's first one.
               */
              flow?: "page" | "wap" | "qr" | "native" | "jsapi" | "checkout";
              /**
               * The buyer in WeChat's app. `jsapi` needs it. Kept until the payment is begun.
               */
              openId?: string;
              /**
               * The address from which the buyer calls you. Kept until the payment is begun.
               */
              payerIp?: string;
              /**
               * Where the buyer's browser goes afterwards. Its host must be among the channel's return hosts. That it comes back says nothing about money: read the order.
               */
              returnUrl?: string;
            };
        /**
         * The channel's own name for its customer: needed where a product may be bought so often by each, and to list the customer's orders. Spaces, capitals and invisible characters make no difference. Kept as a hash.
         */
        buyer?: string;
        /**
         * How the customer can be reached about the order. Kept encrypted, shown to nobody, and erased by `DELETE /v1/orders/{orderId}/contact`.
         */
        contact?: {
          email?: string;
          phone?: string;
          locale?: string;
        };
        /**
         * The campaign whose stock to sell from, where a product has some set aside for it.
         */
        campaign?: string;
        /**
         * When there are fewer codes than asked for: sell those, instead of none. `requested` then tells the difference.
         */
        acceptLess?: boolean;
        /**
         * The channel's own number for the order.
         */
        reference?: string;
        maxTotal?: Money2;
        metadata?: {
          [k: string]: string;
        };
      };
      idempotencyKey?: string;
    };
    answer: Order;
  };
  /**
   * This channel's orders, newest first: all, those of a buyer, or the one that an idempotency key has placed (scope orders:read)
   */
  listOrders: {
    input: {
      query?: {
        /**
         * Items on a page.
         */
        limit?: number;
        /**
         * The `nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * After a time-out: did that order arrive? Strongly consistent; none or one.
         */
        idempotencyKey?: string;
        /**
         * Only the orders of this buyer, by your own name for them. Orders of earlier versions name none.
         */
        buyer?: string;
      };
    };
    answer: {
      data: Order[];
      nextCursor: string | null;
    };
  };
  /**
   * One order, without its goods (scope orders:read)
   */
  getOrder: {
    input: {
      path: {
        orderId: string;
      };
    };
    answer: Order;
  };
  /**
   * Pay for an order that waits for payment; its goods are then at its deliverables (scope orders:write)
   */
  payOrder: {
    input: {
      path: {
        orderId: string;
      };
      body:
        | {
            method: "balance";
          }
        | {
            method: "checkout";
            /**
             * The payment provider, by the name that operators gave it.
             */
            provider: string;
            /**
             * `page`: the buyer opens an address on a computer · `wap`: on a phone · `qr`, `native`: the buyer scans a text · `jsapi`: a page inside WeChat calls its client with parameters · `checkout`: the buyer opens a page of Stripe. Absent: the provider's first one.
             */
            flow?: "page" | "wap" | "qr" | "native" | "jsapi" | "checkout";
            /**
             * The buyer in WeChat's app. `jsapi` needs it. Kept until the payment is begun.
             */
            openId?: string;
            /**
             * The address from which the buyer calls you. Kept until the payment is begun.
             */
            payerIp?: string;
            /**
             * Where the buyer's browser goes afterwards. Its host must be among the channel's return hosts. That it comes back says nothing about money: read the order.
             */
            returnUrl?: string;
          };
      idempotencyKey?: string;
    };
    answer: Order;
  };
  /**
   * Take an order back whose goods nobody has seen and no supplier has been asked for (scope orders:write)
   */
  cancelOrder: {
    input: {
      path: {
        orderId: string;
      };
      idempotencyKey?: string;
    };
    answer: Order;
  };
  /**
   * Erase how the buyer of an order can be reached; the order goes on as it was (scope orders:write)
   */
  eraseContact: {
    input: {
      path: {
        orderId: string;
      };
    };
    answer: Order;
  };
  /**
   * What lines would cost now, with everything that is taken off; nothing is changed or kept (scope catalog:read)
   */
  createQuote: {
    input: {
      body: {
        /**
         * @minItems 1
         * @maxItems 10
         */
        lines: {
          productId: string;
          quantity: number;
          recipient?: {
            /**
             * The account to top up: a phone number, a player id. Kept encrypted.
             */
            account: string;
          };
        }[];
        /**
         * Who would buy, as in an order. No price depends on it yet.
         */
        buyer?: string;
      };
    };
    answer: Quote;
  };
  /**
   * The goods; every call is recorded (scope codes:reveal)
   */
  getDeliverables: {
    input: {
      path: {
        orderId: string;
      };
      query?: {
        limit?: number;
        /**
         * The `nextCursor` of the page before.
         */
        cursor?: string;
      };
    };
    answer: {
      data: {
        codeId: string;
        number?: string;
        secret: string;
        /**
         * Until when it can be redeemed. Absent: it does not expire.
         */
        expiresAt?: string;
        lineId: string;
      }[];
      nextCursor: string | null;
      /**
       * Codes of this page that nobody can open, for they were sealed wrongly before they came to us.
       */
      unreadable: {
        lineId: string;
        codeId: string;
      }[];
    };
  };
  /**
   * All the goods in one file, encrypted to a key of yours, by a link that expires; every call is recorded (scope codes:reveal)
   */
  exportDeliverables: {
    input: {
      path: {
        orderId: string;
      };
      body: {
        /**
         * Your public key, as `age-keygen` prints it. See age-encryption.org/v1.
         */
        recipient: string;
      };
      idempotencyKey?: string;
    };
    answer: GoodsFile;
  };
  /**
   * Ask for something after the sale: other codes, another account, money back (scope orders:write)
   */
  openCase: {
    input: {
      path: {
        orderId: string;
      };
      body: {
        /**
         * `void_and_reissue`: codes that don't work are replaced · `change_recipient`: a top-up goes to another account · `change_product` · `refund`: money back, by the product's rule · `ask_supplier`: a question to who has delivered.
         */
        kind: "void_and_reissue" | "change_recipient" | "change_product" | "refund" | "ask_supplier";
        /**
         * The line that it is about.
         */
        lineId: string;
        /**
         * Which of the line's codes, from 1, in the order of its deliverables.
         *
         * @minItems 1
         * @maxItems 20
         */
        pieces?: number[];
        /**
         * The same, by the `codeId` of deliverables.
         *
         * @minItems 1
         * @maxItems 20
         */
        codes?: string[];
      };
      idempotencyKey?: string;
    };
    answer: Case;
  };
  /**
   * The cases of an order, the oldest first (scope orders:read)
   */
  listCases: {
    input: {
      path: {
        orderId: string;
      };
    };
    answer: {
      data: Case[];
    };
  };
  /**
   * One case (scope orders:read)
   */
  getCase: {
    input: {
      path: {
        orderId: string;
        caseId: string;
      };
    };
    answer: Case;
  };
  /**
   * Make another link to the buyer's page of an order, and end the one before (scope links:write)
   */
  renewLink: {
    input: {
      path: {
        orderId: string;
      };
      idempotencyKey?: string;
    };
    answer: DeliveryLink;
  };
  /**
   * Balance, credit and the newest movements (scope account:read)
   */
  getAccount: {
    input: {};
    answer: Account;
  };
  /**
   * What the account had, what moved and what it has, of each closed day on which something did; the oldest first (scope account:read)
   */
  listStatements: {
    input: {
      query: {
        /**
         * Items on a page.
         */
        limit?: number;
        /**
         * The `nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * The first day.
         */
        from?: string;
        /**
         * The last day.
         */
        to?: string;
        /**
         * Of which account, as CNY.
         */
        currency: string;
      };
    };
    answer: {
      data: Statement[];
      nextCursor: string | null;
    };
  };
  /**
   * The movements of a closed day, by time (scope account:read)
   */
  listStatementMovements: {
    input: {
      path: {
        /**
         * A day of the shop's zone.
         */
        day: string;
      };
      query: {
        /**
         * Items on a page.
         */
        limit?: number;
        /**
         * The `nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * Of which account, as CNY.
         */
        currency: string;
      };
    };
    answer: {
      data: Movement[];
      nextCursor: string | null;
    };
  };
  /**
   * What the account had, what moved and what it has, of the closed days of a month (scope account:read)
   */
  getMonthlyStatement: {
    input: {
      path: {
        /**
         * A month of the shop's zone, as 2026-03.
         */
        month: string;
      };
      query: {
        /**
         * Of which account, as CNY.
         */
        currency: string;
      };
    };
    answer: MonthlyStatement;
  };
  /**
   * Pay in at a payment provider; the answer says where (scope deposits:write)
   */
  createDeposit: {
    input: {
      body: {
        amount: Money6;
        /**
         * How you pay: as in an order, without `method`.
         */
        payment: {
          /**
           * The payment provider, by the name that operators gave it.
           */
          provider: string;
          /**
           * `page`: the buyer opens an address on a computer · `wap`: on a phone · `qr`, `native`: the buyer scans a text · `jsapi`: a page inside WeChat calls its client with parameters · `checkout`: the buyer opens a page of Stripe. Absent: the provider's first one.
           */
          flow?: "page" | "wap" | "qr" | "native" | "jsapi" | "checkout";
          /**
           * The buyer in WeChat's app. `jsapi` needs it. Kept until the payment is begun.
           */
          openId?: string;
          /**
           * The address from which the buyer calls you. Kept until the payment is begun.
           */
          payerIp?: string;
          /**
           * Where the buyer's browser goes afterwards. Its host must be among the channel's return hosts. That it comes back says nothing about money: read the order.
           */
          returnUrl?: string;
        };
        /**
         * Your own number for the deposit.
         */
        reference?: string;
      };
      idempotencyKey?: string;
    };
    answer: Deposit;
  };
  /**
   * Deposits that this channel has begun at payment providers, the newest first, by state and time (scope account:read)
   */
  listDeposits: {
    input: {
      query?: {
        /**
         * Items on a page.
         */
        limit?: number;
        /**
         * The `nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * Only deposits in this state. Without it: all but those that were refused.
         */
        state?: "awaiting_payment" | "paid" | "returned" | "expired" | "refused" | "reversed";
        /**
         * Only what was begun at or after this time.
         */
        since?: string;
        /**
         * Only what was begun before this time.
         */
        until?: string;
      };
    };
    answer: {
      data: Deposit[];
      nextCursor: string | null;
    };
  };
  /**
   * One deposit (scope account:read)
   */
  getDeposit: {
    input: {
      path: {
        depositId: string;
      };
    };
    answer: Deposit;
  };
  /**
   * Have events of your orders posted to an address; its secret is told this once (scope webhooks:write)
   */
  createWebhookEndpoint: {
    input: {
      body: {
        /**
         * Where events are posted: https, on port 443 or 8443, at a public address.
         */
        url: string;
        /**
         * The events that it wants; all but `product.changed`, if it doesn't say.
         *
         * @minItems 1
         * @maxItems 23
         */
        events?: (
          | "webhook.disabled"
          | "product.changed"
          | "channel.changed"
          | "dispute.changed"
          | "deposit.paid"
          | "deposit.returned"
          | "deposit.expired"
          | "deposit.refused"
          | "deposit.reversed"
          | "order.placed"
          | "order.paid"
          | "order.fulfilled"
          | "order.partly_fulfilled"
          | "order.review_opened"
          | "order.review_decided"
          | "order.review_closed"
          | "order.overdue"
          | "order.cancelled"
          | "order.expired"
          | "order.reversed"
          | "order.refunded"
          | "order.case_opened"
          | "order.case_closed"
        )[];
      };
      idempotencyKey?: string;
    };
    answer: WebhookEndpoint;
  };
  /**
   * Your endpoints; never their secrets (scope webhooks:read)
   */
  listWebhookEndpoints: {
    input: {};
    answer: {
      data: WebhookEndpoint[];
      nextCursor: string | null;
    };
  };
  /**
   * One endpoint, and how it does (scope webhooks:read)
   */
  getWebhookEndpoint: {
    input: {
      path: {
        endpointId: string;
      };
    };
    answer: WebhookEndpoint;
  };
  /**
   * Change an endpoint's address or events, disable it, or enable it again (scope webhooks:write)
   */
  changeWebhookEndpoint: {
    input: {
      path: {
        endpointId: string;
      };
      body: {
        url?: string;
        /**
         * @minItems 1
         * @maxItems 23
         */
        events?: (
          | "webhook.disabled"
          | "product.changed"
          | "channel.changed"
          | "dispute.changed"
          | "deposit.paid"
          | "deposit.returned"
          | "deposit.expired"
          | "deposit.refused"
          | "deposit.reversed"
          | "order.placed"
          | "order.paid"
          | "order.fulfilled"
          | "order.partly_fulfilled"
          | "order.review_opened"
          | "order.review_decided"
          | "order.review_closed"
          | "order.overdue"
          | "order.cancelled"
          | "order.expired"
          | "order.reversed"
          | "order.refunded"
          | "order.case_opened"
          | "order.case_closed"
        )[];
        /**
         * What waits for a disabled one is sent once it is enabled.
         */
        enabled?: boolean;
      };
    };
    answer: WebhookEndpoint;
  };
  /**
   * Delete an endpoint: what waits for it is never sent (scope webhooks:write)
   */
  deleteWebhookEndpoint: {
    input: {
      path: {
        endpointId: string;
      };
    };
    answer: {
      id: string;
    };
  };
  /**
   * Have another secret made, which is told this once; for a day the one before signs as well (scope webhooks:write)
   */
  rotateWebhookSecret: {
    input: {
      path: {
        endpointId: string;
      };
      idempotencyKey?: string;
    };
    answer: WebhookEndpoint;
  };
  /**
   * Send an event `webhook.test` to an endpoint (scope webhooks:write)
   */
  testWebhookEndpoint: {
    input: {
      path: {
        endpointId: string;
      };
      idempotencyKey?: string;
    };
    answer: WebhookDelivery;
  };
  /**
   * What was sent to an endpoint, and what was answered, newest first; kept for 30 days (scope webhooks:read)
   */
  listWebhookDeliveries: {
    input: {
      path: {
        endpointId: string;
      };
      query?: {
        /**
         * Items on a page.
         */
        limit?: number;
        /**
         * The `nextCursor` of the page before.
         */
        cursor?: string;
      };
    };
    answer: {
      data: WebhookDelivery[];
      nextCursor: string | null;
    };
  };
  /**
   * Have a delivery sent once more, now (scope webhooks:write)
   */
  attemptWebhookDelivery: {
    input: {
      path: {
        endpointId: string;
        deliveryId: string;
      };
      idempotencyKey?: string;
    };
    answer: WebhookDelivery;
  };
  /**
   * Have all deliveries of a range of time sent once more, a step at a time (scope webhooks:write)
   */
  replayWebhookDeliveries: {
    input: {
      path: {
        endpointId: string;
      };
      query?: {
        /**
         * The `nextCursor` of the page before.
         */
        cursor?: string;
      };
      body: {
        /**
         * The time of the first delivery.
         */
        from: string;
        /**
         * Deliveries of this time and later are left out.
         */
        to: string;
      };
    };
    answer: {
      sent: number;
      nextCursor: string | null;
    };
  };
  /**
   * This document
   */
  getOpenapi: {
    input: {};
    answer: {
      [k: string]: unknown;
    };
  };
}
/**
 * A product at this channel's price.
 */
export interface Product {
  id: string;
  kind: "code" | "topup" | "link" | "booking" | "licence" | "qr";
  name: string;
  price: Money;
  retailPrice: Money1;
  /**
   * A few seconds old; the order decides. `low`: fewer than 10.
   */
  availability: "in_stock" | "low" | "sold_out";
  /**
   * How old the suppliers' word is that the availability rests on.
   */
  asOf?: string;
  /**
   * The name in other languages. Texts come in all languages there are.
   */
  names?: {
    zh?: string;
    en?: string;
  };
  description?: {
    zh?: string;
    en?: string;
  };
  /**
   * How a buyer redeems what was bought, and where.
   */
  redemption?: {
    instructions?: {
      zh?: string;
      en?: string;
    };
    url?: string;
    codeInUrl?: string;
  };
  /**
   * @minItems 1
   * @maxItems 5
   */
  categories?: string[];
  /**
   * @minItems 1
   * @maxItems 20
   */
  tags?: string[];
  /**
   * Where it can be redeemed. Absent: everywhere.
   *
   * @minItems 1
   * @maxItems 60
   */
  regions?: string[];
  /**
   * How long it can be redeemed: `days` after the sale, or `until` a moment. A code's own end counts more.
   */
  validity?:
    | {
        days: number;
      }
    | {
        until: string;
      };
  /**
   * What a buyer may have back, for `days` after the sale. `never` · `unseen`: what nobody has looked at · `always`. An order keeps the rule of its product version.
   */
  refundRule?: {
    buyer: "never" | "unseen" | "always";
    days?: number;
  };
}
/**
 * What one piece costs the channel.
 */
export interface Money {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * What a buyer pays for one piece at checkout. The difference is the channel's margin.
 */
export interface Money1 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * Refuse with `price_changed` rather than charge more.
 */
export interface Money2 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * What one Idempotency-Key has bought.
 */
export interface Order {
  id: string;
  /**
   * `awaiting_payment`: pay before `expiresAt` · `expired`: nobody did, and nothing was charged · `fulfilling`: paid, delivery is on its way · `review`: paid, a person decides · `fulfilled`: everything is delivered, though some pieces of it may be refunded · `partly_fulfilled`: the rest was refunded · `refunding`, `refunded`: the money is on its way back, or all of it came back · `cancelled`: nothing was charged, or all was given back.
   */
  state:
    | "awaiting_payment"
    | "expired"
    | "fulfilling"
    | "review"
    | "fulfilled"
    | "partly_fulfilled"
    | "cancelled"
    | "refunding"
    | "refunded";
  /**
   * RFC 3339, UTC.
   */
  placedAt: string;
  total: Money3;
  retailTotal: Money4;
  refunded: Money5;
  /**
   * Whether it is known how to reach the buyer. It is shown to nobody.
   */
  hasContact: boolean;
  /**
   * Until when it can be paid, while it waits for that.
   */
  expiresAt?: string;
  payment?: OrderPayment;
  /**
   * The address of your buyer's page, for keys with `links:write`, where an order is placed. Who has it can see the codes: give it to your buyer alone.
   */
  deliveryUrl?: string;
  reference?: string;
  metadata?: {
    [k: string]: string;
  };
  lines: OrderLine[];
}
/**
 * What it costs the channel.
 */
export interface Money3 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * What its buyer pays at checkout. What that is more than `total` is the channel's margin.
 */
export interface Money4 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * What went back of `total`.
 */
export interface Money5 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * Where one order is answered that its buyer pays at a provider: the payment that counts, or the one to pay.
 */
export interface OrderPayment {
  id: string;
  provider: string;
  /**
   * `created`: the provider may not know of it yet; repeat the request · `pending`: pay at `url`, `qr` or by `parameters` · `succeeded`: paid · `failed`: the provider refused it · `closed`: nobody can pay it any more.
   */
  state: "created" | "pending" | "succeeded" | "failed" | "closed";
  amount: Money6;
  refunded: Money7;
  /**
   * RFC 3339, UTC.
   */
  expiresAt: string;
  /**
   * The address at which the buyer pays.
   */
  url?: string;
  /**
   * The text that the buyer scans to pay.
   */
  qr?: string;
  /**
   * What your page gives to the provider's client, which asks the buyer to pay.
   */
  parameters?: {
    [k: string]: string;
  };
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money6 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money7 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * One product of an order.
 */
export interface OrderLine {
  id: string;
  productId: string;
  /**
   * The immutable version that was bought.
   */
  productVersion: number;
  name: string;
  kind: "code" | "topup" | "link" | "booking" | "licence" | "qr";
  quantity: number;
  unitPrice: Money8;
  retailPrice: Money9;
  net: Money10;
  /**
   * What was taken off, in that order.
   */
  adjustments?: Adjustment[];
  /**
   * How many were asked for, where there are fewer.
   */
  requested?: number;
  /**
   * `fulfilling`: on its way · `review`: a person decides about it · `fulfilled`: delivered; of a top-up: it is on the account · `refunding`, `refunded`: its money is on its way back, or came back · `cancelled`: taken back with its order.
   */
  state: "fulfilling" | "review" | "fulfilled" | "refunding" | "refunded" | "cancelled";
  /**
   * How many of its pieces were refunded, and for how much of the total. Absent: none.
   */
  refunded?: {
    pieces: number;
    amount: Money6;
  };
  deliverables?: Deliverable[];
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money8 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money9 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money10 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * What a promotion took off a line, or paid of it.
 */
export interface Adjustment {
  promotionId: string;
  version: number;
  name: string;
  /**
   * `price`: another price for each piece · `line`, `order`, `coupon`: taken off · `tender`: paid by somebody else.
   */
  phase: "price" | "line" | "order" | "coupon" | "tender";
  amount: Money6;
  /**
   * Who pays it instead. Absent: nobody, the goods cost less.
   */
  payer?: string;
}
/**
 * One code, in the clear.
 */
export interface Deliverable {
  codeId: string;
  number?: string;
  secret: string;
  /**
   * Until when it can be redeemed. Absent: it does not expire.
   */
  expiresAt?: string;
}
/**
 * What lines would cost now.
 */
export interface Quote {
  total: Money11;
  retailTotal: Money12;
  /**
   * When one of these prices ends or changes, as far as that is known by now. It informs: `maxTotal` of the order protects.
   */
  validUntil?: string;
  lines: QuotedLine[];
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money11 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money12 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * One product, priced.
 */
export interface QuotedLine {
  id: string;
  productId: string;
  /**
   * The immutable version that was bought.
   */
  productVersion: number;
  name: string;
  kind: "code" | "topup" | "link" | "booking" | "licence" | "qr";
  quantity: number;
  unitPrice: Money13;
  retailPrice: Money14;
  net: Money15;
  /**
   * What was taken off, in that order.
   */
  adjustments?: Adjustment[];
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money13 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money14 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money15 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
export interface GoodsFile {
  /**
   * The file: a line of JSON for each piece, as in a page of goods, encrypted.
   */
  url: string;
  /**
   * RFC 3339, UTC.
   */
  expiresAt: string;
  pieces: number;
  /**
   * So many more are named in the file, by `codeId`, and nobody can open them.
   */
  unreadable: number;
}
/**
 * What somebody asked for after the sale, and what became of it.
 */
export interface Case {
  id: string;
  orderId: string;
  kind: "void_and_reissue" | "change_recipient" | "change_product" | "refund" | "ask_supplier";
  lineId: string;
  /**
   * `open`: a rule looks at it · `asking`: who has delivered is asked · `waiting`: a person decides · `acting`: it is decided, and being done · its ends: `delivered`, `replaced`, `refunded`, `compensated`, `refused`.
   */
  state: "open" | "asking" | "waiting" | "acting" | "delivered" | "replaced" | "refunded" | "compensated" | "refused";
  /**
   * RFC 3339, UTC.
   */
  openedAt: string;
  /**
   * Until when a person is to have decided it.
   */
  decideBy: string;
  /**
   * Why it ended so: `did_not_work`, `unused_at_issuer`, `used_at_issuer` · `by_refund_rule`, `too_late`, `seen`: the product's rule of refunds · `refunded_otherwise` · `not_ours_to_change`, `filled_already` · `supplier_agreed`, `supplier_refused` · `goodwill` · `not_justified`.
   */
  reason?:
    | "did_not_work"
    | "unused_at_issuer"
    | "used_at_issuer"
    | "by_refund_rule"
    | "too_late"
    | "seen"
    | "refunded_otherwise"
    | "not_ours_to_change"
    | "filled_already"
    | "supplier_agreed"
    | "supplier_refused"
    | "goodwill"
    | "not_justified";
  /**
   * RFC 3339, UTC.
   */
  endedAt?: string;
  /**
   * Codes that don't work, and those that stand in their places, by `codeId`.
   */
  replacements?: {
    dead: string;
    fresh: string;
  }[];
}
/**
 * A link to the buyer's page of an order.
 */
export interface DeliveryLink {
  /**
   * The buyer's page. Who has it can see the codes.
   */
  deliveryUrl: string;
  /**
   * RFC 3339, UTC.
   */
  expiresAt: string;
}
export interface Account {
  channelId: string;
  balances: {
    /**
     * What an order may cost now. Negative: what the channel owes, since a margin that it had spent went back.
     */
    available: {
      amount: number;
      /**
       * ISO 4217 code.
       */
      currency: string;
    };
    pending: Money16;
    credit: Money6;
    /**
     * The newest twenty.
     */
    movements: Movement[];
  }[];
}
/**
 * A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.
 */
export interface Money16 {
  /**
   * Whole minor units (fen, cents).
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency: string;
}
export interface Movement {
  /**
   * What caused it; one cause is one movement.
   */
  name: string;
  kind: "deposit" | "deposit_reversal" | "sale" | "refund" | "dispute";
  /**
   * Minor units; negative when money left the account.
   */
  amount: number;
  /**
   * When its cause happened. RFC 3339, UTC.
   */
  at: string;
  /**
   * When it was booked, if that is not when its cause happened. RFC 3339, UTC.
   */
  bookedAt?: string;
}
/**
 * A closed day of the account.
 */
export interface Statement {
  /**
   * A day of the shop's zone.
   */
  day: string;
  /**
   * What the account had when it began. Negative: what the channel owed.
   */
  opening: {
    amount: number;
    /**
     * ISO 4217 code.
     */
    currency: string;
  };
  /**
   * All that came in: deposits, refunds, margins.
   */
  in: {
    amount: number;
    /**
     * ISO 4217 code.
     */
    currency: string;
  };
  /**
   * All that went out, as a positive amount: orders, and what was taken back.
   */
  out: {
    amount: number;
    /**
     * ISO 4217 code.
     */
    currency: string;
  };
  /**
   * What it had in the end: opening, and in, less out.
   */
  closing: {
    amount: number;
    /**
     * ISO 4217 code.
     */
    currency: string;
  };
  /**
   * How many entries the day has.
   */
  entries: number;
  /**
   * Names the day as it was closed. If anything of it or of a day before were changed, it would be another.
   */
  hash: string;
  /**
   * RFC 3339, UTC.
   */
  closedAt: string;
}
/**
 * A month of the account, as far as its days are closed.
 */
export interface MonthlyStatement {
  /**
   * A month of the shop's zone, as 2026-03.
   */
  month: string;
  /**
   * The last day of the month that is closed.
   */
  through: string;
  /**
   * True: that is the month's last day.
   */
  isOver: boolean;
  /**
   * What the account had when it began. Negative: what the channel owed.
   */
  opening: {
    amount: number;
    /**
     * ISO 4217 code.
     */
    currency: string;
  };
  /**
   * All that came in: deposits, refunds, margins.
   */
  in: {
    amount: number;
    /**
     * ISO 4217 code.
     */
    currency: string;
  };
  /**
   * All that went out, as a positive amount: orders, and what was taken back.
   */
  out: {
    amount: number;
    /**
     * ISO 4217 code.
     */
    currency: string;
  };
  /**
   * What it had in the end: opening, and in, less out.
   */
  closing: {
    amount: number;
    /**
     * ISO 4217 code.
     */
    currency: string;
  };
  /**
   * How many entries its days have.
   */
  entries: number;
  /**
   * That of its last closed day, or of the last one before it.
   */
  hash: string;
}
/**
 * Money that a channel pays in at a payment provider.
 */
export interface Deposit {
  id: string;
  /**
   * `awaiting_payment`: it can be paid before `payment.expiresAt` · `paid`: it is in the balance · `returned`: something else was paid than was asked for, and goes back · `expired`: nobody has paid · `refused`: the provider does not take it · `reversed`: it was wrong, and was taken out of the balance again.
   */
  state: "awaiting_payment" | "paid" | "returned" | "expired" | "refused" | "reversed";
  amount: Money6;
  /**
   * RFC 3339, UTC.
   */
  createdAt: string;
  reference?: string;
  payment: OrderPayment1;
}
/**
 * The payment, and where to pay it while that can be done.
 */
export interface OrderPayment1 {
  id: string;
  provider: string;
  /**
   * `created`: the provider may not know of it yet; repeat the request · `pending`: pay at `url`, `qr` or by `parameters` · `succeeded`: paid · `failed`: the provider refused it · `closed`: nobody can pay it any more.
   */
  state: "created" | "pending" | "succeeded" | "failed" | "closed";
  amount: Money6;
  refunded: Money7;
  /**
   * RFC 3339, UTC.
   */
  expiresAt: string;
  /**
   * The address at which the buyer pays.
   */
  url?: string;
  /**
   * The text that the buyer scans to pay.
   */
  qr?: string;
  /**
   * What your page gives to the provider's client, which asks the buyer to pay.
   */
  parameters?: {
    [k: string]: string;
  };
}
export interface WebhookEndpoint {
  id: string;
  url: string;
  /**
   * The events that it wants.
   */
  events: string[];
  enabled: boolean;
  /**
   * `failing`: it took nothing for three days · `gone`: it answered 410 · `asked`: by a call.
   */
  disabledReason?: "failing" | "gone" | "asked";
  /**
   * RFC 3339, UTC.
   */
  disabledAt?: string;
  /**
   * Since when it took nothing.
   */
  failingSince?: string;
  /**
   * RFC 3339, UTC.
   */
  createdAt: string;
  /**
   * Until when the secret before the last rotation signs as well. Those before it end earlier.
   */
  secondSecretUntil?: string;
  /**
   * Told this once; a repeat does not tell it.
   */
  secret?: string;
}
export interface WebhookDelivery {
  id: string;
  /**
   * The header `webhook-id`: the same for each sending.
   */
  eventId: string;
  type: string;
  /**
   * What it is about: events of one subject are sent in order.
   */
  subject: string;
  /**
   * Its place among the events of its subject.
   */
  number?: number;
  /**
   * `waiting`: it is sent, or sent again · `delivered`: it was taken · `failed`: given up after three days.
   */
  state: "waiting" | "delivered" | "failed";
  /**
   * RFC 3339, UTC.
   */
  createdAt: string;
  /**
   * The last 20.
   */
  attempts: {
    /**
     * RFC 3339, UTC.
     */
    at: string;
    status?: number;
    /**
     * Why there was no answer.
     */
    failure?: string;
    /**
     * What the answer began with.
     */
    answer?: string;
    tookMs: number;
  }[];
}
