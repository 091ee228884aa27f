"""A public library for merchants does a day's work with a server that says it is WeChat Pay, and reads notices as a merchant does."""

import json
import sys

from wechatpayv3 import WeChatPay, WeChatPayType

given = json.load(sys.stdin)
credentials, serial = given["credentials"], given["serial"]


def merchant(apiv3_key):
    made = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=credentials["mchId"],
        private_key=credentials["privateKey"],
        cert_serial_no=credentials["certificateSerial"],
        appid=credentials["appId"],
        apiv3_key=apiv3_key,
        notify_url="https://example.com/notifications",
        public_key=credentials[serial],
        public_key_id=serial,
    )
    made._core._gate_way = given["url"]  # the library has no setting for it
    return made


pay = merchant(credentials["apiV3Key"])
said = {}


def ask(name, call):
    """Each answer below 300 was verified by the library, or it has thrown."""
    status, text = call()
    said[name] = [status, json.loads(text) if text else None]


number, amount = given["number"], {"total": 100, "currency": "CNY"}
ask("native", lambda: pay.pay(description="卡密", out_trade_no=number, amount=amount))
ask("twin", lambda: pay.pay(description="卡密", out_trade_no=number, amount={"total": 99, "currency": "CNY"}))
ask("close", lambda: pay.close(out_trade_no=number))
ask("query", lambda: pay.query(out_trade_no=number))
ask(
    "jsapi",
    lambda: pay.pay(
        description="卡密",
        out_trade_no=number + "j",
        amount=amount,
        payer={"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        pay_type=WeChatPayType.JSAPI,
    ),
)
ask("paid", lambda: pay.query(out_trade_no=given["paid"]))
back = {"refund": 40, "total": 100, "currency": "CNY"}
ask("refund", lambda: pay.refund(out_refund_no="rfd_stranger", amount=back, out_trade_no=given["paid"]))
ask("refunded", lambda: pay.query_refund(out_refund_no="rfd_stranger"))
ask("complaint", lambda: pay.complaint_detail_query(given["complaint"]))
parameters = given["parameters"]
names = ["appId", "timeStamp", "nonceStr", "package"]
said["paySign"] = pay.sign([parameters[name] for name in names]) == parameters["paySign"]


def read(by, notice):
    found = by.callback(notice["headers"], notice["body"])
    return found and found["resource"].get("out_trade_no")


said["notices"] = [read(pay, notice) for notice in given["notices"]]
said["otherKey"] = read(merchant("0" * 32), given["notices"][0])
print(json.dumps(said))
