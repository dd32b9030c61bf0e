// The one main() of every Boost.Test program.
#define BOOST_TEST_MODULE aiflow
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

namespace {

// The keys that tests write are for nobody else, as those of an operator.
struct private_files {
    private_files() { ::umask(0077); }
};

BOOST_TEST_GLOBAL_FIXTURE(private_files);

}  // namespace
