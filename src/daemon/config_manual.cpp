#include "daemon/config_manual.hpp"

#include "daemon/config_text.hpp"

namespace aiflow {

namespace {

// Text for roff: `code` becomes bold, and nothing in it is taken for a request.
std::string roff(std::string_view text)
{
    std::string out;
    bool bold = false;
    for (const char c : text) {
        if (c == '`') {
            bold = !bold;
            out += bold ? "\\fB" : "\\fR";
        } else if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else if ((c == '.' || c == '\'') && out.empty()) {
            out.append("\\&").append(1, c);
        } else {
            out += c;
        }
    }
    return out + "\n";
}

std::string request(std::string_view name, std::string_view argument)
{
    std::string text = roff(argument);
    text.pop_back();
    // Within an argument a quotation mark would end it.
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 4)
        text.replace(at, 1, "\\(dq");
    return "." + std::string(name) + " \"" + text + "\"\n";
}

std::string heading(std::string_view name)
{
    return request("SH", name);
}

std::string paragraph(std::string_view text)
{
    return ".PP\n" + roff(text);
}

std::string item(std::string_view term, std::string_view text)
{
    return ".TP\n" + request("B", term) + roff(text);
}

std::string keys_of(std::string_view section)
{
    std::string all;
    for (const config_key& key : config_keys())
        if (key.section() == section)
            all += item(key.last_name(), key.text) + ".br\n" +
                   roff(key_facts(key) + " Default: `" + default_text(key) + "`.");
    return all;
}

}  // namespace

std::string config_manual()
{
    std::string all = ".\\\" Made from the table of keys by aiflow-config-docs.\n"
                      ".TH AIFLOWD.TOML 5 \"\" aiflow \"File formats\"\n";
    all += heading("NAME") + roff("aiflowd.toml - configuration of aiflowd");
    all += heading("DESCRIPTION");
    all += paragraph("`aiflowd` reads one file in the format TOML. Every key has a default; a file "
                     "has to say who answers the calls, and with `mode` \"connect\" where AI Flow "
                     "is. A key that is not known is an error, as is a value of another type or "
                     "out of its range; each error names the line and what would be right.");
    all += paragraph("A duration is a text with a unit: \"200ms\", \"1.5s\", \"2m\" or \"24h\". A "
                     "relative path begins at the directory of the file. A list may go over "
                     "several lines.");
    all += paragraph("`aiflowd --check --config FILE` says what is wrong with a file, or shows the "
                     "value of every key.");
    all += heading("RELOAD");
    all +=
        paragraph("SIGHUP and `aiflowctl reload` read the file again, and the files with tokens, "
                  "certificate, key and rules. Where anything of it is wrong, nothing changes. "
                  "A change takes effect at the next start, unless the key says that a reload "
                  "will do.");
    all += heading("TOKENS");
    all += paragraph("A token is the only line of a file that nobody but its owner can read (mode "
                     "0600), or a credential of systemd: `credential:NAME` is the one of "
                     "`LoadCredential=NAME:PATH` in the unit. The environment and the file itself "
                     "never hold one.");
    all += heading("KEYS");
    all += keys_of({});
    for (const config_section& s : config_sections())
        all += request("SS", "[" + std::string(s.name) + "]") + roff(s.text) + keys_of(s.name);
    all += heading("FILES");
    all += item("/etc/aiflowd/aiflowd.toml", "What the service reads.");
    all += heading("SEE ALSO");
    all += roff("`aiflowd`(8), `aiflowctl`(1), `systemd.exec`(5)");
    return all;
}

}  // namespace aiflow
