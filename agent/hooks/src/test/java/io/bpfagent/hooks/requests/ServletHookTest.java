package io.bpfagent.hooks.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What containers call, without one: a chain of filters, and a servlet. */
class ServletHookTest {
    private static final List<String> SEEN = new ArrayList<>();

    private static Woven woven;

    @BeforeAll
    static void weave() {
        woven = new Woven();
    }

    @AfterAll
    static void restore() {
        woven.close();
    }

    private static final class Page extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws ServletException {
            SEEN.add(Woven.path());
            if (request.getRequestURI().endsWith("/bad")) {
                throw new ServletException("of the test");
            }
        }
    }

    /** As containers have one. */
    private static final class OneServletChain implements FilterChain {
        private final Page page = new Page();

        @Override
        public void doFilter(ServletRequest request, ServletResponse response) throws IOException, ServletException {
            SEEN.add("chain " + Woven.path());
            page.service(request, response);
        }
    }

    private static HttpServletRequest request(String uri) {
        return proxy(HttpServletRequest.class, uri);
    }

    static <T> T proxy(Class<T> type, String uri) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getMethod" -> "POST";
                    case "getRequestURI" -> uri;
                    case "getProtocol" -> "HTTP/1.1";
                    default -> null;
                }));
    }

    @Test
    void namesRequests() throws Exception {
        HttpServletResponse response = proxy(HttpServletResponse.class, null);
        OneServletChain chain = new OneServletChain();
        Page page = new Page();
        for (int i = 0; i < 23; i++) {
            chain.doFilter(request("/servlet/filtered/" + i), response);
        }
        page.service(request("/servlet/plain"), response);
        assertThrows(ServletException.class, () -> chain.doFilter(request("/servlet/bad"), response));
        assertEquals("", Woven.path());
        assertEquals("chain POST /servlet/filtered/*", SEEN.get(0));
        assertEquals("POST /servlet/filtered/*", SEEN.get(1));
        assertEquals(23, woven.entered("POST /servlet/filtered/*"));
        assertEquals(1, woven.entered("POST /servlet/plain"));
        assertEquals(1, woven.entered("POST /servlet/bad"));
        assertTrue(woven.report("servlet").classes() >= 2);
    }
}
