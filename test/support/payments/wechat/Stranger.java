import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.wechat.pay.java.core.RSAPublicKeyConfig;
import com.wechat.pay.java.core.exception.ServiceException;
import com.wechat.pay.java.core.exception.ValidationException;
import com.wechat.pay.java.core.http.DefaultHttpClientBuilder;
import com.wechat.pay.java.core.http.HttpClient;
import com.wechat.pay.java.core.notification.NotificationParser;
import com.wechat.pay.java.core.notification.RSAPublicKeyNotificationConfig;
import com.wechat.pay.java.core.notification.RequestParam;
import com.wechat.pay.java.service.payments.model.Transaction;
import com.wechat.pay.java.service.payments.nativepay.NativePayService;
import com.wechat.pay.java.service.payments.nativepay.model.Amount;
import com.wechat.pay.java.service.payments.nativepay.model.CloseOrderRequest;
import com.wechat.pay.java.service.payments.nativepay.model.PrepayRequest;
import com.wechat.pay.java.service.payments.nativepay.model.QueryOrderByOutTradeNoRequest;
import com.wechat.pay.java.service.refund.RefundService;
import com.wechat.pay.java.service.refund.model.AmountReq;
import com.wechat.pay.java.service.refund.model.CreateRequest;
import com.wechat.pay.java.service.refund.model.QueryByOutRefundNoRequest;
import java.io.InputStreamReader;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** WeChat Pay's own library does a day's work with a server that says it is WeChat Pay, and reads notices as a merchant does. */
public class Stranger {
  public static void main(String[] arguments) {
    JsonObject given = new Gson().fromJson(new InputStreamReader(System.in), JsonObject.class);
    JsonObject credentials = given.getAsJsonObject("credentials");
    String serial = text(given, "serial");
    String mchid = text(credentials, "mchId");
    RSAPublicKeyConfig config =
        new RSAPublicKeyConfig.Builder()
            .merchantId(mchid)
            .privateKey(text(credentials, "privateKey"))
            .merchantSerialNumber(text(credentials, "certificateSerial"))
            .publicKey(text(credentials, serial))
            .publicKeyId(serial)
            .apiV3Key(text(credentials, "apiV3Key"))
            .build();
    HttpClient client = new DefaultHttpClientBuilder().config(config).okHttpClient(here(text(given, "url"))).build();
    NativePayService pay = new NativePayService.Builder().httpClient(client).build();
    RefundService refunds = new RefundService.Builder().httpClient(client).build();
    JsonObject said = new JsonObject();

    String number = text(given, "number");
    PrepayRequest wanted = new PrepayRequest();
    wanted.setAppid(text(credentials, "appId"));
    wanted.setMchid(mchid);
    wanted.setDescription("卡密");
    wanted.setOutTradeNo(number);
    wanted.setNotifyUrl("https://example.com/notifications");
    Amount amount = new Amount();
    amount.setTotal(100);
    amount.setCurrency("CNY");
    wanted.setAmount(amount);
    said.addProperty("native", pay.prepay(wanted).getCodeUrl());
    amount.setTotal(99);
    try {
      pay.prepay(wanted);
    } catch (ServiceException refused) {
      said.addProperty("twin", refused.getErrorCode());
    }
    CloseOrderRequest close = new CloseOrderRequest();
    close.setMchid(mchid);
    close.setOutTradeNo(number);
    pay.closeOrder(close);
    said.addProperty("closed", query(pay, mchid, number).getTradeState().name());
    Transaction paid = query(pay, mchid, text(given, "paid"));
    said.addProperty("paid", paid.getTradeState().name() + " " + paid.getAmount().getTotal());

    CreateRequest back = new CreateRequest();
    back.setOutTradeNo(text(given, "paid"));
    back.setOutRefundNo("rfd_official");
    AmountReq part = new AmountReq();
    part.setRefund(30L);
    part.setTotal(100L);
    part.setCurrency("CNY");
    back.setAmount(part);
    said.addProperty("refund", refunds.create(back).getStatus().name());
    QueryByOutRefundNoRequest asked = new QueryByOutRefundNoRequest();
    asked.setOutRefundNo("rfd_official");
    said.addProperty("refunded", refunds.queryByOutRefundNo(asked).getAmount().getRefund());

    NotificationParser parser =
        new NotificationParser(
            new RSAPublicKeyNotificationConfig.Builder()
                .publicKey(text(credentials, serial))
                .publicKeyId(serial)
                .apiV3Key(text(credentials, "apiV3Key"))
                .build());
    StringBuilder notices = new StringBuilder();
    for (JsonElement notice : given.getAsJsonArray("notices")) notices.append(read(parser, notice.getAsJsonObject())).append(' ');
    said.addProperty("notices", notices.toString().trim());
    System.out.println(said);
    System.exit(0); // the client's threads would keep it waiting
  }

  /** A client that goes to this machine wherever the library wants to go. */
  private static OkHttpClient here(String url) {
    HttpUrl there = HttpUrl.get(url);
    return new OkHttpClient.Builder()
        .addInterceptor(
            chain -> {
              HttpUrl wanted = chain.request().url();
              HttpUrl moved = wanted.newBuilder().scheme(there.scheme()).host(there.host()).port(there.port()).build();
              return chain.proceed(chain.request().newBuilder().url(moved).build());
            })
        .build();
  }

  private static Transaction query(NativePayService pay, String mchid, String number) {
    QueryOrderByOutTradeNoRequest asked = new QueryOrderByOutTradeNoRequest();
    asked.setMchid(mchid);
    asked.setOutTradeNo(number);
    return pay.queryOrderByOutTradeNo(asked);
  }

  private static String read(NotificationParser parser, JsonObject notice) {
    JsonObject headers = notice.getAsJsonObject("headers");
    RequestParam parameters =
        new RequestParam.Builder()
            .serialNumber(text(headers, "wechatpay-serial"))
            .nonce(text(headers, "wechatpay-nonce"))
            .signature(text(headers, "wechatpay-signature"))
            .timestamp(text(headers, "wechatpay-timestamp"))
            .signType(text(headers, "wechatpay-signature-type"))
            .body(text(notice, "body"))
            .build();
    try {
      return parser.parse(parameters, Transaction.class).getOutTradeNo();
    } catch (ValidationException | IllegalArgumentException refused) {
      return "refused";
    }
  }

  private static String text(JsonObject of, String name) {
    return of.get(name).getAsString();
  }
}
