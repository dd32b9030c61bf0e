// aiflow-config-docs: writes the sample of the configuration and its manual page.

#include "daemon/config_manual.hpp"
#include "daemon/config_text.hpp"

#include <iostream>
#include <string_view>

int main(int argc, char** argv)
{
    const std::string_view what = argc == 2 ? argv[1] : "";
    if (what == "sample") {
        std::cout << aiflow::sample_config();
    } else if (what == "manual") {
        std::cout << aiflow::config_manual();
    } else {
        std::cerr << "usage: aiflow-config-docs sample|manual\n"
                     "Writes docs/aiflowd.toml or the manual page aiflowd.toml(5).\n";
        return 64;
    }
    return std::cout.flush() ? 0 : 74;
}
