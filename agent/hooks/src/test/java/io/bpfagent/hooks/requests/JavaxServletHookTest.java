package io.bpfagent.hooks.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What containers call, without one: a chain of filters, and a servlet. */
class JavaxServletHookTest {
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
        return ServletHookTest.proxy(HttpServletRequest.class, uri);
    }

    @Test
    void namesRequests() throws Exception {
        HttpServletResponse response = ServletHookTest.proxy(HttpServletResponse.class, null);
        OneServletChain chain = new OneServletChain();
        Page page = new Page();
        for (int i = 0; i < 23; i++) {
            chain.doFilter(request("/javax/filtered/" + i), response);
        }
        page.service(request("/javax/plain"), response);
        assertThrows(ServletException.class, () -> chain.doFilter(request("/javax/bad"), response));
        assertEquals("", Woven.path());
        assertEquals("chain POST /javax/filtered/*", SEEN.get(0));
        assertEquals("POST /javax/filtered/*", SEEN.get(1));
        assertEquals(23, woven.entered("POST /javax/filtered/*"));
        assertEquals(1, woven.entered("POST /javax/plain"));
        assertEquals(1, woven.entered("POST /javax/bad"));
        assertTrue(woven.report("servlet").classes() >= 2);
    }
}
