#pragma once

#include <boost/make_shared.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace aiflow::test::hostile {

/// One test case for each row of a table, named after the row.
template <class Row>
class cases final : public boost::unit_test::test_unit_generator {
public:
    using runner = void (*)(const Row&);

    cases(std::vector<Row> table, runner run) : table_(std::move(table)), run_(run) {}

    boost::unit_test::test_unit* next() const override
    {
        if (next_ == table_.size())
            return nullptr;
        const auto& row = table_[next_++];
        return boost::unit_test::make_test_case([run = run_, row] { run(row); }, row.name, __FILE__,
                                                __LINE__);
    }

private:
    std::vector<Row> table_;
    runner run_;
    mutable std::size_t next_ = 0;
};

/// In the suite around it: `static const auto a = register_cases(table, run);`
template <class Row>
boost::unit_test::ut_detail::auto_test_unit_registrar register_cases(std::vector<Row> table,
                                                                     void (*run)(const Row&))
{
    const boost::shared_ptr<boost::unit_test::test_unit_generator> all =
        boost::make_shared<cases<Row>>(std::move(table), run);
    return boost::unit_test::ut_detail::auto_test_unit_registrar(
        all, boost::unit_test::decorator::collector_t::instance());
}

}  // namespace aiflow::test::hostile
