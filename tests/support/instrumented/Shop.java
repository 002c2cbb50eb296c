import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Java's: the server and the client of the JDK, which the agent instruments. */
public class Shop {
    static final Map<String, Integer> CAME = new ConcurrentHashMap<>();
    static final Map<String, Integer> ENDED = new ConcurrentHashMap<>();

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv("PORT"));
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.createContext("/seen", Shop::seen);
        server.createContext("/price", Shop::price);
        server.createContext("/call", Shop::call);
        server.start();
    }

    static void seen(HttpExchange exchange) throws IOException {
        String id = asked(exchange).get("id");
        int came = CAME.getOrDefault(id, 0), ended = ENDED.getOrDefault(id, 0);
        answer(exchange, 200, "{\"came\": " + came + ", \"ended\": " + ended + "}");
    }

    static void price(HttpExchange exchange) throws IOException {
        Map<String, String> asked = asked(exchange);
        CAME.merge(asked.get("id"), 1, Integer::sum);
        pause(Long.parseLong(asked.getOrDefault("work", "0")));
        ENDED.merge(asked.get("id"), 1, Integer::sum);
        int status = Integer.parseInt(asked.getOrDefault("status", "200"));
        answer(exchange, status, "x".repeat(Integer.parseInt(asked.getOrDefault("size", "10"))));
    }

    static void call(HttpExchange exchange) throws IOException {
        Map<String, String> asked = asked(exchange);
        // Without OpenTelemetry's API the trace is known by the header that came.
        String traceId = exchange.getRequestHeaders().getFirst("traceparent").split("-")[1];
        String saw = "";
        for (int tries = Integer.parseInt(asked.getOrDefault("tries", "1")); tries > 0; tries--) {
            saw = callOnce(asked, exchange.getRequestURI().getRawQuery());
            if (saw.equals("OK")) {
                break;
            }
        }
        int status = saw.equals("OK") ? 200 : 502;
        answer(exchange, status, "{\"traceId\": \"" + traceId + "\", \"saw\": \"" + saw + "\"}");
    }

    static String callOnce(Map<String, String> asked, String query) {
        var url = URI.create("http://127.0.0.1:" + asked.get("port") + "/price?" + query);
        var timeout = Duration.ofMillis(Long.parseLong(asked.get("timeout")));
        // A client of its own each time: no kept connections.
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try {
            var request = HttpRequest.newBuilder(url).timeout(timeout).build();
            int status = client.send(request, BodyHandlers.ofString()).statusCode();
            return status == 200 ? "OK" : Integer.toString(status);
        } catch (IOException | InterruptedException error) {
            return error.getClass().getSimpleName();
        }
    }

    static Map<String, String> asked(HttpExchange exchange) {
        return Arrays.stream(exchange.getRequestURI().getQuery().split("&"))
            .map(each -> each.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.sendResponseHeaders(status, body.length());
        try (var out = exchange.getResponseBody()) {
            out.write(body.getBytes());
        }
    }

    static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
    }
}
