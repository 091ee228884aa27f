/** The version of Stripe's API that we speak. The SDK's own types, and the document that the tests check against, are of the same. */
export const API_VERSION = "2026-08-26.dahlia";

/** Our names for things, which Stripe keeps as metadata: of a payment on its session, intent and charge; of a refund on itself. */
export const PAYMENT = "payment";
export const REFUND = "refund";
