/** What can go wrong without being anybody's request. `contended`: others were faster in all tries; a repeat may work. */
type FaultCode =
  | "code_missing"
  | "dispute_contended"
  | "dispute_in_another_currency"
  | "fingerprints_contended"
  | "goods_contended"
  | "kms_gave_nothing"
  | "line_missing"
  | "number_contended"
  | "order_contended"
  | "order_missing"
  | "product_missing"
  | "queue_missing"
  | "range_contended"
  | "range_missing"
  | "returns_contended"
  | "run_contended"
  | "slab_contended"
  | "slot_contended"
  | "supplier_missing"
  | "vanished";

/**
 * Something that nobody planned. Logs and notes of dead letters show an error's name and never its message, because
 * messages quote values. So the name is the code. `detail` may name ids; only tests and terminals show it.
 */
export class Fault extends Error {
  constructor(code: FaultCode, detail: string) {
    super(detail);
    this.name = code;
  }
}
